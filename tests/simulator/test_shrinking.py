"""From a long list of choices to a short one."""

from __future__ import annotations

from random import Random

from tests.simulator.shrinking import shrunk


def test_what_does_not_matter_goes_and_what_matters_becomes_small():
    choices = [Random(seed).randrange(100) for seed in range(200)]

    def attempt(given):
        return list(given) if sum(1 for value in given if value >= 7) >= 2 else None

    assert shrunk(choices, attempt) == [7, 7]


def test_it_gives_up_after_the_tries_that_it_was_given():
    tried = []

    def attempt(given):
        tried.append(given)

    assert shrunk(list(range(50)), attempt, tries=20) == list(range(50))
    assert len(tried) == 20


def test_choices_that_were_never_taken_are_dropped():
    assert shrunk([5, 1, 2, 3], lambda given: list(given[:1]) if given[:1] == [5] else None) == [5]
