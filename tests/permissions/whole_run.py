"""At the end of a run of all tests that call functions: a grant that none of them used is one too many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.permissions import uses

CALLING = ("functional", "e2e")  # folders of the tests by which every grant has to be used


class WholeRun:
    """Workers of pytest-xdist hand over what they saw; whoever started them judges."""

    def __init__(self, tests: Path) -> None:
        self._files = {path for folder in CALLING for path in (tests / folder).rglob("test_*.py")}
        self._whole = False
        self._used: set[uses.Use] = set()
        self._unused: list[uses.Use] = []

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        if items:
            self._files.clear()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        picked = any("::" in argument for argument in session.config.args)
        self._whole = bool(self._files) and not picked and self._files <= {item.path for item in session.items}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        whole, used = node.workeroutput.get("permissions", (False, []))
        self._whole |= whole
        self._used |= {(function, action, resource) for function, action, resource in used}

    @pytest.hookimpl(tryfirst=True)  # before a worker sends its output
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["permissions"] = (self._whole, sorted(uses.USED))
        elif self._whole and session.exitstatus == pytest.ExitCode.OK:
            self._unused = unused(self._used | uses.USED)
            if self._unused:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._unused:
            terminalreporter.section("granted in openhouse/functions.py, and used by no test", red=True)
            for function, action, resource in self._unused:
                terminalreporter.write_line(f"{function}: {action} on {resource}")


def unused(used: set[uses.Use]) -> list[uses.Use]:
    from tests.permissions.recorder import allowed  # noqa: PLC0415 - runs of a few unit tests do without

    return sorted(allowed() - used)
