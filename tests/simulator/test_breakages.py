"""The simulator finds what it is there for: each breakage of the product, within so many histories."""

from __future__ import annotations

import pytest

from tests.simulator.breakages import BREAKAGES
from tests.simulator.running import command, fails, first_to_fail

WITHIN = 5_000  # histories; most are found within twenty


# Where to begin for what is rare, such as that two people recover the same record at the same time.
FIRST_SEEDS = {
    "a late release frees a newer lock": 170,
    "recovering has no conditions": 4_620,
    "the commit has no conditions": 660,
    "the sync delivers before it joins": 155,
    "the fast lane marks what it could not post to one member": 65,
    "the history of what was deleted is told to all who read it": 100,
    "a repeat is answered to whoever has lost the record": 75,
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_breakage_is_found(breakage):
    first = FIRST_SEEDS.get(breakage, 1)
    assert first_to_fail(range(first, first + WITHIN), BREAKAGES[breakage]) is not None


@pytest.mark.parametrize(
    ("breakage", "kind", "lines"),
    [
        ("the client holds nothing back", "out of order", 40),
        ("the worker skips a shard", "acknowledged without an attempt", 50),
    ],
)
def test_a_broken_history_shrinks_to_few_steps_that_still_fail_in_the_same_way(breakage, kind, lines):
    parts = BREAKAGES[breakage]
    seed = first_to_fail(range(1, WITHIN + 1), parts)
    assert seed is not None
    broken = fails(seed, parts)
    assert broken is not None
    assert broken.kind == kind
    assert len(broken.trace) <= lines


def test_a_failing_history_tells_its_seed_what_happened_and_how_to_see_it_again():
    parts = BREAKAGES["the fan-out acknowledges before it posts"]
    seed = first_to_fail(range(1, WITHIN + 1), parts)
    assert seed is not None
    broken = fails(seed, parts, tries=100)
    assert broken is not None
    text = str(broken)
    assert text.startswith(f"seed {seed}: acknowledged without an attempt")
    assert "ava's client connects as socket-0001" in text
    assert f"again: {command(seed)}" in text
