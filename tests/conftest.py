"""How the tests are shared out among the workers of one run."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from openhouse.core.observability import logger
from tests.permissions import uses
from tests.permissions.whole_run import WholeRun

ROOT = Path(__file__).parent

# Folders and files whose tests share something slow to make, of which each group has one: a deployed stack, the
# templates. The first that a path begins with counts.
GROUPS = {
    **dict.fromkeys(("e2e/test_chaos", "e2e/test_limits", "e2e/test_aws_like", "e2e/test_doctor"), "deployed, to wait"),
    **dict.fromkeys(("e2e/test_presence", "e2e/test_deployments", "e2e/test_functions_down"), "deployed, to wait"),
    "e2e/test_first_hour": "deployed by a stranger",
    "e2e/browser/": "deployed, in browsers",
    "e2e/": "deployed",
    "infra/": "synthesised",
}


# How fast this machine is at the moment, no test says.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("untimed")
    config.pluginmanager.register(WholeRun(ROOT), "permissions")


def pytest_runtest_setup() -> None:
    """Each begins with a logger that is heard, whatever another in this process has silenced, as the simulator does."""
    logger.setLevel("INFO")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """A test in which a function did what it may not do has failed, whatever became of it there."""
    yield
    if complaints := uses.take_complaints():
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks for the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    refuse_namesakes(items)
    for item in items:
        if group := group_of(item):
            item.add_marker(pytest.mark.xdist_group(group))
        if item.path.is_relative_to(ROOT / "e2e"):
            # Real sockets, browsers and functions beside three other workers: once more, and told in the summary.
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Why the first try of what was run once more failed, which nobody else tells."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_sep("_", f"first try of {report.nodeid}", yellow=True)
        terminalreporter.write_line(report.longreprtext)


def pytest_collection_finish() -> None:
    """What is there by now stays, and is a million objects: to look through them for garbage takes a quarter of the
    time of a test that makes many of its own.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def group_of(item: pytest.Item) -> str | None:
    """What keeps a test with others on one worker: a fixture that is made once, for its folder or for its file."""
    path = item.path.relative_to(ROOT).as_posix()
    if group := next((group for beginning, group in GROUPS.items() if path.startswith(beginning)), None):
        return group
    fixtures = item._fixtureinfo.name2fixturedefs.values() if isinstance(item, pytest.Function) else ()
    return path if any(definitions[-1].scope == "module" for definitions in fixtures) else None


def refuse_namesakes(items: list[pytest.Item]) -> None:
    """Workers are told by name what to run: of two tests with one name, one would silently never run.

    (Workers swallow a UsageError.)
    """
    if twice := [name for name, number in Counter(item.nodeid for item in items).items() if number > 1]:
        raise RuntimeError(f"Several tests have the name {twice[0]}")
