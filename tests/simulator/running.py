"""One history from its seed, and what there is to say of one that fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.simulator.choices import Choices
from tests.simulator.failures import Failure
from tests.simulator.history import History
from tests.simulator.log import Log, nobody
from tests.simulator.shrinking import shrunk
from tests.simulator.world import REAL, Parts, silence


@dataclass(frozen=True)
class Broken:
    """A history that fails, as short as it was found to be."""

    seed: int
    kind: str
    detail: str
    choices: Sequence[int]
    trace: Sequence[str]

    def __str__(self) -> str:
        """For whoever has to find out why: what happened in words, and how to see it again."""
        return "\n".join(
            [
                f"seed {self.seed}: {self.detail}",
                *(f"  {line}" for line in self.trace),
                f"choices: {list(self.choices)}",
                f"again: {command(self.seed)}",
            ]
        )


def command(seed: int) -> str:
    return f".venv/bin/python -m tests.simulator --seed {seed}"


def run(
    choices: Choices,
    parts: Parts = REAL,
    *,
    say: Callable[[str], None] = lambda _words: None,
    log: Callable[[str], Log] = lambda _device: nobody,
    roomy: bool = False,
) -> Failure | None:
    """`roomy`: all clients hold back as much as the product's own."""
    silence()
    try:
        History(choices, parts=parts, say=say, log=log, roomy=roomy).run()
    except Failure as failure:
        return failure
    return None


def fails(seed: int, parts: Parts = REAL, *, tries: int = 400) -> Broken | None:
    """What is wrong with the history of this seed, shrunk within so many `tries`."""
    choices = Choices(seed)
    failure = run(choices, parts)
    if failure is None:
        return None

    def attempt(given: Sequence[int]) -> list[int] | None:
        taken = Choices(given=given)
        again = run(taken, parts)
        return taken.taken if again is not None and again.kind == failure.kind else None

    short = shrunk(choices.taken, attempt, tries=tries)
    trace: list[str] = []
    last = run(Choices(given=short), parts, say=trace.append) or failure
    return Broken(seed, last.kind, str(last), short, trace)


def first_to_fail(seeds: Sequence[int], parts: Parts = REAL) -> int | None:
    return next((seed for seed in seeds if run(Choices(seed), parts) is not None), None)
