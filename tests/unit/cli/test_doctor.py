"""What becomes of each check of `openhouse doctor`, and what is said of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from cli.account import Account
from cli.doctor import checks, report
from cli.doctor.check import Check, Examination, NotTold, NotWell
from cli.doctor.checks import CHECKS
from cli.doctor.examine import Finding, Verdict, examine
from cli.doctor.line import Arrival, Line
from cli.doctor.visitor import Visitor
from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.terminal import CommandFailed
from openhouse_client.errors import Disconnected
from tests.unit.deployed.examples import ON_AWS

CLOUD = Cloud(boto3.Session(region_name="us-east-1"))


async def _well(_examination: Any) -> str:
    return "7 ms"


def raising(error: BaseException) -> Callable[[Any], Awaitable[str]]:
    async def check(_examination: Any) -> str:
        raise error

    return check


def check(name: str, examine: Callable[[Any], Awaitable[str]] = _well, *, essential: bool = False) -> Check:
    return Check(name, "whether it is", "Do this.", examine, essential=essential)


def found(*some: Check) -> list[Finding]:
    """Without AWS: nobody is founded, so nobody is removed."""
    return examine(CLOUD, ON_AWS, lambda _: None, checks=some)


@pytest.mark.parametrize(
    ("error", "verdict", "figure"),
    [
        (NotWell("3 of 4"), Verdict.FAILED, "3 of 4"),
        (TimeoutError(), Verdict.FAILED, "nothing came in time"),
        (Disconnected("the connection broke"), Verdict.FAILED, "the connection broke"),
        (CommandFailed("ava cannot sign in"), Verdict.FAILED, "ava cannot sign in"),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "PostToConnection"),
            Verdict.FAILED,
            "AWS refused PostToConnection: no.",
        ),
        (NotTold("not here"), Verdict.NOT_TOLD, "not here"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_a_check_that_raises_says_what_was_found_and_what_to_do(
    error: Exception, verdict: Verdict, figure: str
) -> None:
    first, second, last = found(check("first", raising(error)), check("second"))
    assert (first.verdict, first.figure) == (verdict, figure)
    assert first.advice == ("Do this." if verdict is Verdict.FAILED else "")
    assert (second.verdict, second.figure, second.advice) == (Verdict.PASSED, "7 ms", "")
    assert (last.name, last.verdict) == ("clean-up", Verdict.PASSED)


def test_after_an_essential_check_failed_the_others_are_skipped_and_the_visit_is_cleaned_up() -> None:
    findings = found(check("first", raising(NotWell("no")), essential=True), check("second"), check("third"))
    assert [(finding.name, finding.verdict) for finding in findings] == [
        ("first", Verdict.FAILED),
        ("second", Verdict.SKIPPED),
        ("third", Verdict.SKIPPED),
        ("clean-up", Verdict.PASSED),
    ]


def test_a_fault_of_our_own_or_ctrl_c_is_no_finding_but_the_visit_is_cleaned_up() -> None:
    for error in (ValueError("a fault"), KeyboardInterrupt()):
        told: list[Finding] = []
        with pytest.raises(type(error)):
            examine(CLOUD, ON_AWS, told.append, checks=[check("first", raising(error))])
        assert [finding.name for finding in told] == ["clean-up"]


def test_each_check_has_a_name_of_its_own_and_tells_what_it_settles_and_what_to_do() -> None:
    assert len({each.name for each in CHECKS}) == len(CHECKS)
    for each in CHECKS:
        assert each.settles.startswith(("how", "what", "whether"))
        assert each.advice.endswith(".")


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What is printed of these findings."""

    def of(*findings: Finding, as_json: bool = False) -> str:
        def examine(_cloud: Any, _deployment: Any, told: Any, *, posts: int) -> list[Finding]:
            for finding in findings:
                told(finding)
            return [*findings]

        monkeypatch.setattr(report, "examine", examine)
        monkeypatch.setattr(Deployment, "read", lambda *_: ON_AWS)
        report.run(CLOUD, as_json=as_json, posts=10)
        return capsys.readouterr().out

    return of


WELL = Finding("socket", "whether it opens", Verdict.PASSED, "7 ms")
ILL = Finding("burst", "whether it is taken", Verdict.FAILED, "3 sockets missed some", "Set postsPerSecond to less.")


def test_findings_are_told_as_lines_and_counted(reported: Callable[..., str]) -> None:
    lines = reported(WELL).splitlines()
    assert lines[0] == f"Examining {ON_AWS.endpoints.http_url} and {ON_AWS.socket_url}."
    assert lines[1].split() == ["ok", "socket", "7", "ms"]
    assert lines[2] == "1 of 1 checks passed."


def test_a_failed_check_fails_the_command_and_says_what_to_do(
    reported: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandFailed, match=r"^1 of 2 checks failed: burst\.$"):
        reported(WELL, ILL)
    assert capsys.readouterr().out.splitlines()[-1].strip() == "Set postsPerSecond to less."


def test_a_machine_gets_one_json_document(reported: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(reported(WELL, as_json=True))
    assert document["passed"] is True
    assert document["checks"] == [
        {"name": "socket", "settles": "whether it opens", "verdict": "passed", "figure": "7 ms", "advice": ""}
    ]
    with pytest.raises(CommandFailed):
        reported(ILL, as_json=True)
    assert json.loads(capsys.readouterr().out)["passed"] is False


class Client:
    """AWS's client of `@connections`: it takes messages of up to so many bytes, and the line hears them."""

    def __init__(self, most: int, line: Line) -> None:
        self._most = most
        self._line = line

    def post_to_connection(self, *, ConnectionId: str, Data: bytes) -> None:  # noqa: N803 - boto3's
        if len(Data) > self._most:
            raise ClientError({"Error": {"Code": "PayloadTooLarge", "Message": ""}}, "PostToConnection")
        self._line.arrivals.append(Arrival(0.0, json.loads(Data), len(Data)))


class Session:
    def __init__(self, client: Any) -> None:
        self.client = lambda *_args, **_options: client


@pytest.mark.parametrize(
    ("most", "figure"),
    [
        (200_000, "32,768 and 120,000 bytes came whole; 131,072 taken, 131,073 taken"),
        (
            128 * 1024,
            "32,768 and 120,000 bytes came whole; 131,072 taken, 131,073 refused as PayloadTooLarge",
        ),
        (100_000, "120,000 bytes are refused: PayloadTooLarge"),
    ],
)
def test_a_size_that_we_send_has_to_come_whole_and_what_is_beyond_is_told(most: int, figure: str) -> None:
    async def run() -> str:
        line = Line(Wire())
        visitor = Visitor(Cloud(Session(Client(most, line))), ON_AWS)  # type: ignore[arg-type]
        visitor.sockets = lambda: {"socket-1"}
        async with AsyncExitStack() as at_the_end:
            at_the_end.push_async_callback(line.close)
            return await checks.sizes(Examination(visitor, at_the_end, 10, line=line))

    if most < 120_000:
        with pytest.raises(NotWell, match=figure):
            asyncio.run(run())
    else:
        assert asyncio.run(run()) == figure


@pytest.mark.parametrize(("functions", "is_well"), [(10, False), (1_000, True)])
def test_an_account_that_may_run_few_functions_at_once_is_not_well(
    functions: int, is_well: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account(functions_at_a_time=functions, requests_per_second=2_500, log_role="")
    monkeypatch.setattr(Account, "read", lambda _cloud: account)
    quotas = next(each for each in CHECKS if each.name == "quotas")
    first, _ = found(quotas)
    assert first.verdict is (Verdict.PASSED if is_well else Verdict.FAILED)
    assert first.figure == f"{functions:,} functions at a time, 2,500 requests a second"
    assert ("Service Quotas" in first.advice) is not is_well


class Wire:
    """A socket that receives these texts, and then breaks."""

    def __init__(self, *texts: str) -> None:
        self._texts = [*texts]

    async def send(self, text: str) -> None: ...

    async def receive(self) -> str:
        if not self._texts:
            raise Disconnected("the connection broke")
        return self._texts.pop(0)

    async def close(self) -> None: ...


def test_a_line_finds_a_frame_whether_it_came_before_or_comes_later_and_says_why_it_ended() -> None:
    async def run() -> None:
        line = Line(Wire('{"number": 1}', '{"number": 22}'))
        for _ in range(2):
            arrival = await line.until(lambda frame: frame["number"] == 22, 60)
            assert arrival.size == len('{"number": 22}')
        assert (await line.until(lambda _: True, 60, after=1)).frame == {"number": 22}
        with pytest.raises(Disconnected):
            await line.until(lambda _: True, 60, after=2)
        await line.close()

    asyncio.run(run())


def test_what_is_left_over_is_a_failure_that_names_whose_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def in_vain(_visitor: Any, _patience: Any) -> str:
        raise NotWell("items come back")

    monkeypatch.setattr("cli.doctor.examine.leave", in_vain)

    async def arrived(examination: Any) -> str:
        examination.visitor.user_id = "u-1"
        return "here"

    _, last = found(check("sign-in", arrived))
    assert (last.verdict, last.figure) == (Verdict.FAILED, "items come back")
    assert "u-1" in last.advice
