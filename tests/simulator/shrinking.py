"""From a list of choices that leads to a failure to a short one that still does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

# The choices that were really taken, if they lead to the same failure.
Try = Callable[[Sequence[int]], list[int] | None]


def shrunk(choices: Sequence[int], attempt: Try, *, tries: int = 400) -> list[int]:
    """Deletes and lowers while it still fails in the same way; at most `tries` histories are run."""
    best = list(choices)
    left = tries
    while True:
        before = list(best)
        for step in (_without_parts, _lower):
            left, best = _follow(step, best, attempt, left)
        if best == before or left <= 0:
            return best


def _follow(
    step: Callable[[list[int]], Iterator[tuple[int, Callable[[list[int]], list[int]]]]],
    best: list[int],
    attempt: Try,
    left: int,
) -> tuple[int, list[int]]:
    for at, change in step(best):
        if left <= 0:
            break
        if at >= len(best):
            continue
        candidate = change(best)
        if candidate == best:
            continue
        left -= 1
        taken = attempt(candidate)
        if taken is not None and _simpler(taken := _trimmed(taken), best):
            best = taken
    return left, best


def _without_parts(choices: list[int]) -> Iterator[tuple[int, Callable[[list[int]], list[int]]]]:
    size = len(choices) // 2
    while size:
        for start in range(len(choices) - size, -1, -size):
            yield start, lambda now, start=start, size=size: now[:start] + now[start + size :]  # type: ignore[misc]
            yield start, lambda now, start=start, size=size: _zeros(now, start, size)  # type: ignore[misc]
        size = size // 2 if size > 1 else 0


def _lower(choices: list[int]) -> Iterator[tuple[int, Callable[[list[int]], list[int]]]]:
    for at in range(len(choices)):
        for lower in (lambda value: value // 2, lambda value: max(0, value - 1)):
            yield at, lambda now, at=at, lower=lower: [*now[:at], lower(now[at]), *now[at + 1 :]]  # type: ignore[misc]


def _zeros(choices: list[int], start: int, size: int) -> list[int]:
    return [0 if start <= at < start + size else value for at, value in enumerate(choices)]


def _trimmed(choices: list[int]) -> list[int]:
    """Zeros at the end go without saying."""
    end = len(choices)
    while end and choices[end - 1] == 0:
        end -= 1
    return choices[:end]


def _simpler(one: list[int], other: list[int]) -> bool:
    return (len(one), sum(one)) < (len(other), sum(other))
