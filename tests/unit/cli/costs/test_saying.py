"""What an app says in an hour, as `openhouse cost` has it."""

from __future__ import annotations

import pytest

from cli.costs.saying import AGAIN, AND_BEAT, BEAT, LEAVE, LOOK, of_an_hour
from openhouse.collaboration.sightings import BEAT_SECONDS


def _number(said: dict[str, float], what: str) -> float:
    return said.get(what, 0.0) + said.get(what + AND_BEAT, 0.0)


def test_who_looks_at_nothing_beats_as_often_as_the_ticket_says():
    assert of_an_hour(0, 0.5, 48) == {BEAT: 3_600 / BEAT_SECONDS}


def test_each_record_is_said_at_its_beginning_and_at_its_end_and_again_meanwhile():
    said = dict(of_an_hour(20, 0.5, 8))
    assert _number(said, LOOK) == pytest.approx(20)
    assert _number(said, LEAVE) == pytest.approx(20)
    assert _number(said, AGAIN) == pytest.approx(1_800 / 8, rel=0.1)


@pytest.mark.parametrize("every", [8, 48])
def test_what_is_said_anyway_saves_beats_and_none_is_later_than_it_may_be(every: float):
    said = of_an_hour(20, 0.5, every)
    beats = said[BEAT] + sum(number for what, number in said.items() if what.endswith(AND_BEAT))
    assert said[BEAT] < 0.8 * 3_600 / BEAT_SECONDS
    assert beats >= 3_600 / BEAT_SECONDS * 0.99
