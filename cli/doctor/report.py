"""The findings at the terminal: a line each as they come, or one JSON document."""

from __future__ import annotations

import json
from textwrap import wrap

from rich.text import Text

from cli.doctor.examine import Finding, Verdict, examine
from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.terminal import CommandFailed, say

_WIDTH, _LEFT = 80, 28
_MARKS = {
    Verdict.PASSED: ("ok", "green"),
    Verdict.FAILED: ("FAILED", "bold red"),
    Verdict.NOT_TOLD: ("open", "yellow"),
    Verdict.SKIPPED: ("skipped", "dim"),
}


def run(cloud: Cloud, *, as_json: bool, posts: int) -> None:
    """Raises CommandFailed if a check fails, or nothing is deployed here; and what boto3 raises."""
    deployment = Deployment.read(cloud.cloudformation(), cloud.emulator_url)
    if not as_json:
        say(f"Examining {deployment.endpoints.http_url} and {deployment.socket_url}.")
    findings = examine(cloud, deployment, lambda finding: None if as_json else say(*lines(finding)), posts=posts)
    if as_json:
        say(document(deployment, findings))
    failed = [finding.name for finding in findings if finding.verdict is Verdict.FAILED]
    if failed:
        raise CommandFailed(f"{len(failed)} of {len(findings)} checks failed: {', '.join(failed)}.")
    if not as_json:
        say(f"{sum(finding.verdict is Verdict.PASSED for finding in findings)} of {len(findings)} checks passed.")


def lines(finding: Finding) -> list[str | Text]:
    """What was found, and below it what to do; in lines that a terminal need not break."""
    word, style = _MARKS[finding.verdict]
    found, *more = wrap(finding.figure, _WIDTH - _LEFT) or [""]
    first = Text.assemble((f"  {word:<8}", style), f"{finding.name:<18}{found}")
    return [first, *(f"{'':{_LEFT}}{line}" for line in [*more, *wrap(finding.advice, _WIDTH - _LEFT)])]


def document(deployment: Deployment, findings: list[Finding]) -> str:
    about = {"httpUrl": deployment.endpoints.http_url, "region": deployment.endpoints.region}
    passes = not any(finding.verdict is Verdict.FAILED for finding in findings)
    return json.dumps({**about, "passed": passes, "checks": [finding.wire() for finding in findings]})
