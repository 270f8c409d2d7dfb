"""One check after the other, told as it is found; at the end nothing is left of the visit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cli.doctor.check import Check, Examination, NotTold, NotWell, Question
from cli.doctor.checks import CHECKS
from cli.doctor.leaving import USUAL, Patience, leave
from cli.doctor.visitor import Visitor
from deployed.cloud import Cloud, aws_failure
from deployed.endpoints import Deployment
from deployed.terminal import CommandFailed
from openhouse_client.errors import ClientError

POSTS = 2_000


class Verdict(Enum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_TOLD = "not told"  # it cannot be found out here
    SKIPPED = "skipped"  # something before it failed


@dataclass(frozen=True)
class Finding:
    """`figure`: what was found, in a few words. `advice`: what to do, where something is to be done."""

    name: str
    settles: str
    verdict: Verdict
    figure: str
    advice: str = ""

    def wire(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "settles": self.settles,
            "verdict": self.verdict.value,
            "figure": self.figure,
            "advice": self.advice,
        }


Told = Callable[[Finding], None]


def examine(
    cloud: Cloud,
    deployment: Deployment,
    told: Told,
    *,
    posts: int = POSTS,
    checks: Sequence[Check] = CHECKS,
    patience: Patience = USUAL,
) -> list[Finding]:
    """`told` hears of each finding as it comes. `posts`: of the burst. What the visit makes is removed in any case."""
    findings: list[Finding] = []

    def tell(finding: Finding) -> None:
        findings.append(finding)
        told(finding)

    visitor = Visitor(cloud, deployment)
    try:
        asyncio.run(_visit(visitor, checks, tell, posts))
    finally:
        tell(asyncio.run(_examined(_clean_up(visitor), lambda: asyncio.to_thread(leave, visitor, patience))))
    return findings


async def _visit(visitor: Visitor, checks: Sequence[Check], tell: Told, posts: int) -> None:
    async with AsyncExitStack() as at_the_end:
        examination = Examination(visitor, at_the_end, posts)
        failed = ""
        for check in checks:
            if failed:
                tell(Finding(check.name, check.settles, Verdict.SKIPPED, f"not examined after {failed}"))
                continue
            finding = await _examined(check, lambda check=check: check.examine(examination))  # type: ignore[misc]
            tell(finding)
            if check.essential and finding.verdict is Verdict.FAILED:
                failed = check.name


async def _examined(question: Question, examine: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(question.name, question.settles, Verdict.PASSED, await examine())
    except NotTold as reason:
        return Finding(question.name, question.settles, Verdict.NOT_TOLD, str(reason))
    except TimeoutError:
        return Finding(question.name, question.settles, Verdict.FAILED, "nothing came in time", question.advice)
    except (NotWell, CommandFailed, ClientError) as failure:
        return Finding(question.name, question.settles, Verdict.FAILED, str(failure), question.advice)
    except Exception as error:
        if (sentence := aws_failure(error)) is None:
            raise
        return Finding(question.name, question.settles, Verdict.FAILED, sentence, question.advice)


def _clean_up(visitor: Visitor) -> Question:
    names = f"{visitor.brokerage_id} or {visitor.user_id}" if visitor.user_id else visitor.brokerage_id
    advice = f"Delete by hand what is left: the login {visitor.person.email}, and items whose keys hold {names}."
    return Question("clean-up", "whether nothing is left of this visit", advice)
