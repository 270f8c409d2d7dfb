"""When a grant that nobody used fails a run, and when it cannot."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.emulator import Decision
from openhouse.functions import FANOUT
from tests.permissions import uses, whole_run
from tests.permissions.emulated import refused
from tests.permissions.granted import Permission, granted
from tests.permissions.whole_run import WholeRun

SCAN = ("fanout", "dynamodb:Scan", "table")


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    for folder in ("functional", "e2e"):
        (tmp_path / folder / "cli").mkdir(parents=True)
        for name in ("test_a.py", "cli/test_b.py"):
            (tmp_path / folder / name).touch()
    return tmp_path


def session(tests: Path, *, files: int = 4, args: tuple[str, ...] = ("tests",), status: int = 0) -> Any:
    found = sorted(tests.rglob("test_*.py"))[:files]
    config = SimpleNamespace(args=args)
    return SimpleNamespace(config=config, items=[SimpleNamespace(path=path) for path in found], exitstatus=status)


def ends_with(run: WholeRun, asked: Any, monkeypatch: pytest.MonkeyPatch, *seen: uses.Use) -> int:
    """The status of a run after which one grant is left unused, unless it is among the `seen`."""
    monkeypatch.setattr(whole_run, "unused", lambda used: sorted({SCAN} - used))
    run.pytest_collection_finish(asked)
    if seen:
        run.pytest_testnodedown(SimpleNamespace(workeroutput={"permissions": (True, [list(use) for use in seen])}))
    run.pytest_sessionfinish(asked)
    return int(asked.exitstatus)


def test_a_whole_run_fails_for_a_grant_that_nothing_used(tests: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ends_with(WholeRun(tests), session(tests), monkeypatch) == 1


def test_what_another_worker_has_used_is_used(tests: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ends_with(WholeRun(tests), session(tests), monkeypatch, SCAN) == 0


def test_a_run_that_only_its_workers_know_to_be_whole_is_judged(tests: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = ("fanout", "dynamodb:Query", "table")
    assert ends_with(WholeRun(tests), session(tests, files=0), monkeypatch, other) == 1


@pytest.mark.parametrize("asked", [{"files": 3}, {"args": ("tests/e2e/test_a.py::test_x", "tests")}], ids=str)
def test_a_part_of_the_tests_is_not_expected_to_use_everything(
    tests: Path, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ends_with(WholeRun(tests), session(tests, **asked), monkeypatch) == 0


def test_neither_is_a_run_of_chosen_tests(tests: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = WholeRun(tests)
    run.pytest_deselected([SimpleNamespace()])  # type: ignore[list-item]
    assert ends_with(run, session(tests), monkeypatch) == 0


def test_a_run_that_failed_keeps_its_own_reason(tests: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ends_with(WholeRun(tests), session(tests, status=2), monkeypatch) == 2


def test_a_worker_tells_what_it_saw(tests: Path) -> None:
    asked = session(tests)
    asked.config.workeroutput = {}
    run = WholeRun(tests)
    run.pytest_collection_finish(asked)
    run.pytest_sessionfinish(asked)
    assert asked.config.workeroutput == {"permissions": (True, sorted(uses.USED))}


def test_every_grant_is_unused_until_it_is_used() -> None:
    of_fanout = {("fanout", *permission) for permission in granted(FANOUT)}
    assert of_fanout <= {*whole_run.unused(set())}
    assert whole_run.unused(of_fanout | {*whole_run.unused(of_fanout)}) == []
    assert ("fanout", *Permission("execute-api:ManageConnections", "DELETE")) in of_fanout


def test_what_the_emulators_iam_never_allowed_was_refused() -> None:
    role = "arn:aws:sts::000000000000:assumed-role/Openhouse-App-FanoutWorkerRole1A2B3C/x"
    allowed, other = (Decision(role, f"sqs:{action}", "arn:q", "Allow") for action in ("SendMessage", "Receive"))
    by_the_queue = allowed._replace(effect="ImplicitDeny")
    assert refused([allowed, by_the_queue, other]) == []
    assert refused([by_the_queue, other]) == [f"{role} does sqs:SendMessage on arn:q"]
    assert refused([by_the_queue._replace(principal="arn:aws:iam::000000000000:user/someone")]) == []
