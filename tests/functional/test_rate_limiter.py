"""The limit of posts per second, asked for by several functions at once."""

from __future__ import annotations

import random
from typing import Any

import pytest
from botocore.exceptions import ClientError

from openhouse.core.errors import Busy
from openhouse.delivery.rate_limiter import LONGEST_WAIT, OWED, PRESSED_SECONDS, RateLimiter, Traffic
from tests.fakes import FakeClock
from tests.functional.conftest import World

RATES = {Traffic.SMALL: 100.0, Traffic.LARGE: 1_000.0}


def limiter(world: World, clock: FakeClock | None = None) -> RateLimiter:
    clock = clock or world.clock
    return RateLimiter(world.table, RATES, now=clock, sleep=clock.advance)


def waited(world: World, limiter: RateLimiter, posts: int, traffic: Traffic) -> float:
    before = world.clock.at
    limiter.acquire(posts, traffic)
    return (world.clock.at - before).total_seconds()


def test_whoever_posts_within_the_limit_does_not_wait(world: World) -> None:
    ours = limiter(world)
    for _ in range(5):
        assert waited(world, ours, 500, Traffic.LARGE) == 0
        world.clock.advance(0.5)


def test_functions_wait_for_what_others_have_taken_and_no_longer(world: World) -> None:
    assert waited(world, limiter(world), 3_000, Traffic.LARGE) == 0
    world.clock.advance(1)
    assert waited(world, limiter(world), 1_000, Traffic.LARGE) == pytest.approx(2, abs=0.002)
    assert waited(world, limiter(world), 1_000, Traffic.LARGE) == pytest.approx(1, abs=0.002)


def test_a_broadcast_keeps_no_small_room_waiting(world: World) -> None:
    for _ in range(5):
        limiter(world).acquire(2_000, Traffic.LARGE)
    assert waited(world, limiter(world), 3, Traffic.SMALL) == 0


def asked(world: World, limiter: RateLimiter, *posts: int) -> list[bool]:
    """Of each of these, whether it was asked for."""
    found = []
    for each in posts:
        before = world.items("B#")
        limiter.acquire(each, Traffic.SMALL)
        found.append(world.items("B#") != before)
    return found


def test_small_rooms_owe_their_posts_and_ask_for_all_of_them_at_once(world: World) -> None:
    ours = limiter(world)
    commits = [3] * (OWED // 3) + [3]
    assert asked(world, ours, *commits) == [False] * (OWED // 3) + [True]
    ((item,), owed) = (world.items("B#"), 3 * len(commits))
    asked_for = int(item["free_at"]["N"]) - 1000 * world.clock.at.timestamp()
    assert asked_for == pytest.approx(1000 * owed / RATES[Traffic.SMALL], abs=1)
    world.clock.advance(1)
    assert asked(world, ours, *commits) == [False] * (OWED // 3) + [True]


def test_what_is_owed_of_one_kind_is_asked_for_with_that_kind(world: World) -> None:
    ours = limiter(world)
    ours.acquire(OWED - 1, Traffic.SMALL)
    ours.acquire(1, Traffic.LARGE)
    assert world.items("B#") == []
    ours.acquire(1, Traffic.SMALL)
    assert [item["pk"]["S"] for item in world.items("B#")] == ["B#small"]


def test_whoever_had_to_wait_owes_nothing_for_a_while(world: World) -> None:
    ours = limiter(world)
    limiter(world).acquire(100, Traffic.SMALL)
    assert waited(world, ours, OWED, Traffic.SMALL) == pytest.approx(1, abs=0.002)
    assert asked(world, ours, 1, 1) == [True, True]
    world.clock.advance(PRESSED_SECONDS)
    assert asked(world, ours, 1) == [False]


def test_whoever_was_turned_away_owes_nothing_for_a_while(world: World) -> None:
    ours = limiter(world)
    limiter(world).acquire(int(100 * (LONGEST_WAIT + 1)), Traffic.SMALL)
    for posts in (OWED, 1):
        with pytest.raises(Busy):
            ours.acquire(posts, Traffic.SMALL)


def test_nobody_waits_for_ever(world: World) -> None:
    limiter(world).acquire(int(1_000 * (LONGEST_WAIT + 1)), Traffic.LARGE)
    with pytest.raises(Busy):
        limiter(world).acquire(OWED, Traffic.LARGE)
    world.clock.advance(2)
    limiter(world).acquire(OWED, Traffic.LARGE)


def test_posting_to_nobody_asks_for_nothing(world: World) -> None:
    limiter(world).acquire(0, Traffic.SMALL)
    assert world.items("B#") == []


def test_in_no_second_more_is_posted_than_allowed_whoever_asks(world: World) -> None:
    """Ten functions with clocks of their own; each is alone when it asks, as DynamoDB takes one write at a time."""
    chance = random.Random(7)
    clocks = [FakeClock() for _ in range(10)]
    limiters = [limiter(world, clock) for clock in clocks]
    posted: list[tuple[float, int]] = []
    for _ in range(300):
        which = min(range(10), key=lambda number: clocks[number].at)  # time does not go back in the world
        posts = chance.randint(1, 120)
        limiters[which].acquire(posts, Traffic.LARGE)
        posted.append((clocks[which].at.timestamp(), posts))
        clocks[which].advance(chance.random() * 0.05)
    posted.sort()
    for at, _ in posted:
        within = sum(posts for when, posts in posted if at <= when < at + 1)
        # What begins just before the second's end belongs to the next; each of the ten may owe some.
        assert within <= RATES[Traffic.LARGE] + 120 + 10 * OWED


def test_other_failures_of_the_table_are_not_hidden(world: World, dynamodb: Any) -> None:
    dynamodb.delete_table(TableName="openhouse")
    with pytest.raises(ClientError):
        limiter(world).acquire(OWED, Traffic.SMALL)
