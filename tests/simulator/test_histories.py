"""Nothing is lost, doubled or out of order, whatever breaks: ten thousand histories, always the same."""

from __future__ import annotations

import pytest

from tests.simulator.choices import Choices
from tests.simulator.running import fails, run
from tests.simulator.world import WITH_ONLOOKERS

HISTORIES = 10_000
WITH_PEOPLE_WHO_LOOK = 500
AT_ONCE = 500  # so that workers can share them


@pytest.mark.parametrize("first", range(1, HISTORIES + 1, AT_ONCE))
def test_after_any_history_every_client_has_what_the_server_has(first):
    broken = [str(found) for seed in range(first, first + AT_ONCE) if (found := fails(seed))]
    assert not broken, "\n\n".join(broken[:3])


@pytest.mark.parametrize("first", range(1, WITH_PEOPLE_WHO_LOOK + 1, AT_ONCE))
def test_whoever_hears_who_looks_at_a_record_may_read_it_and_those_who_look_hear_of_each_other(first):
    seeds = range(first, first + AT_ONCE)
    broken = [str(found) for seed in seeds if (found := fails(seed, WITH_ONLOOKERS))]
    assert not broken, "\n\n".join(broken[:3])


def test_a_seed_always_leads_to_the_same_history():
    first, second = list[str](), list[str]()
    run(Choices(7), say=first.append)
    run(Choices(7), say=second.append)
    assert first == second
    assert len(first) > 20


def test_the_choices_that_were_taken_lead_to_the_same_history_again():
    taken = Choices(11)
    first, second = list[str](), list[str]()
    run(taken, say=first.append)
    run(Choices(given=taken.taken), say=second.append)
    assert first == second


def test_without_any_choices_people_just_work():
    told = list[str]()
    assert run(Choices(given=[]), say=told.append) is None
    assert not [line for line in told if "dies" in line or "fails" in line or "meanwhile" in line]
