"""`openhouse cost` reckons with counts that were written down: they are those of this very version."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from bench import acts
from cli.costs.counted import FILE, MEMBERS, OTHERS, PRESENT

AGAIN = "If the change is meant: python -m bench.acts, and what docs/costs.md says of it"
WRITTEN: dict[str, Any] = json.loads(FILE.read_text())
# Log lines name the line of code, and frames hold times: a byte more or less is no change.
ABOUT = 0.02


def parts() -> Iterator[Any]:
    for members in MEMBERS:
        yield pytest.param("writes", str(members), partial(acts.of_writes, members), id=f"writes to {members}")
        yield pytest.param(
            "announcement", str(members), partial(acts.of_announcements, members), id=f"presence to {members}"
        )
    for others in OTHERS:
        yield pytest.param("hints", str(others), partial(acts.of_hints, others), id=f"hints to {others}")
    for people in PRESENT:
        yield pytest.param("presence", str(people), partial(acts.an_hour, people), id=f"an hour of {people}")
    yield pytest.param("person", "", acts.of_one_person, id="one person")
    yield pytest.param("stored", "", acts.of_storage, id="storage")


@pytest.mark.parametrize(("part", "of", "count"), [*parts()])
def test_what_was_written_down_is_what_it_takes(part: str, of: str, count: Callable[[], dict[str, Any]]):
    written = WRITTEN[part][of] if of else WRITTEN[part]
    assert dict(_flat(count())) == pytest.approx(dict(_flat(written)), rel=ABOUT, abs=0.01), AGAIN


def _flat(found: dict[str, Any], above: str = "") -> Iterator[tuple[str, float]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name} / ")
        else:
            yield f"{above}{name}", value
