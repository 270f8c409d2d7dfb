"""A month of ours and of others: what it consists of, how it grows, and where which is the cheaper one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cli.costs.comparison import LADDER, NAMES, OURS, SOCKET_IO, Comparison
from cli.costs.counted import Counted, Takes
from cli.costs.ours import Activity, Month
from cli.costs.prices import Prices
from cli.costs.standing import MEMORY_GB, TRACED, TRACED_OF_OTHERS
from cli.costs.usage import HABITS, Usage, assumptions

PRICES, COUNTED = Prices.read(), Counted.read()
USUAL = Usage()


def month(**changes: float) -> Month:
    return Month(replace(USUAL, **changes), PRICES, COUNTED)


def comparison(**changes: float) -> Comparison:
    return Comparison(replace(USUAL, **changes), PRICES, COUNTED)


def test_what_is_taken_lies_on_the_line_through_what_was_counted():
    few, many = Takes(calls={"a": 1}, reads=2, posts=5), Takes(calls={"a": 1, "b": 2}, reads=3, posts=50)
    between = few.towards(many, 2 / 3)
    assert between.posts == pytest.approx(35)
    assert between.reads == pytest.approx(2 + 2 / 3)
    assert between.calls == pytest.approx({"a": 1, "b": 4 / 3})
    assert (few + many.times(2)).calls == {"a": 3, "b": 4}


def test_a_write_is_posted_once_to_each_member_of_its_room():
    for members in (1, 5, 20, 50, 120):
        assert COUNTED.write("save", members).posts == pytest.approx(members)
        assert COUNTED.announcement(members).posts == pytest.approx(members)


def test_a_call_costs_its_time_in_the_memory_of_its_function_and_now_and_then_a_start():
    takes = Takes(calls={"crm": 1.0}, milliseconds={"crm": 100.0})
    amounts = Activity("one", 10, takes).amounts()
    milliseconds = 10 * (100 + HABITS.cold * HABITS.cold_milliseconds)
    assert amounts["function calls"] == 10
    assert amounts["function GB-seconds"] == pytest.approx(milliseconds / 1_000 * MEMORY_GB["crm"])


def test_by_activity_and_by_meter_it_is_the_same_dollars():
    for changes in ({}, {"users": 5.0}, {"users": 20_000.0, "writes": 90.0}):
        found = month(**changes)
        assert sum(found.by_activity().values()) == pytest.approx(found.total())
        assert sum(found.by_meter().values()) == pytest.approx(found.total())
        assert sum(found.by_activity(free_tier=True).values()) == pytest.approx(found.total(free_tier=True))


def test_nobody_who_works_costs_nothing_but_what_stands():
    idle = month(users=1.0, writes=0.0, hours=0.001, idle_hours=0.0, imported=0.0, records=0.0)
    assert [*idle.by_activity()][:2] == ["metrics, alarms, the dashboard", "the canary"]
    assert idle.total() < 16


@pytest.mark.parametrize("name", ["writes", "hours", "days", "idle_hours", "team", "imported", "records", "users"])
def test_more_of_anything_costs_more(name: str):
    doubled = month(**{name: 2 * getattr(USUAL, name)})
    assert doubled.total() > 1.001 * month().total() or name == "imported"
    assert doubled.total() > month().total()


def test_tabs_cost_us_nothing_and_others_something():
    one, four = comparison(tabs=1.0).totals(), comparison(tabs=4.0).totals()
    assert four[OURS] == one[OURS]
    for name in ("AppSync Events", "Ably"):
        before, after = one[name], four[name]
        assert before is not None
        assert after is not None
        assert after > before


def test_five_people_cost_a_few_dollars_and_watching_the_product_more_than_they_do():
    costs = comparison().at_users(5)
    ours, theirs = costs[OURS], costs[SOCKET_IO]
    assert ours is not None
    assert theirs is not None
    watching = sum(month(users=5.0).by_activity()[name] for name in ("metrics, alarms, the dashboard", "the canary"))
    assert ours - watching < 6
    assert ours < theirs / 7


def test_pings_presence_imports_logs_traces_and_idle_connections_are_in_it():
    activities, meters = month().by_activity(), month().by_meter()
    for name in ("pings", "presence: beats", "presence: telling of it", "imports", "open sockets", "traces"):
        assert activities[name] > 0
    assert meters["GB logged"] > 0
    assert month(idle_hours=4.0).by_activity()["open sockets"] > activities["open sockets"]


def test_a_trace_is_taken_of_one_call_a_second_and_a_twentieth_of_the_others():
    few, many, more = (month(users=users) for users in (20.0, 100_000.0, 200_000.0))
    assert few.amounts()["traces"] == pytest.approx(_traceable(few))  # less than one call a second of each
    assert many.amounts()["traces"] < 0.1 * _traceable(many)
    further = more.amounts()["traces"] - many.amounts()["traces"]
    assert further == pytest.approx(TRACED_OF_OTHERS * _traceable(many), rel=0.01)


def _traceable(found: Month) -> float:
    calls = (each for activity in found.activities for each in activity.calls.items())
    return sum(number for function, number in calls if function in TRACED)


def test_where_they_cross_the_cheaper_one_becomes_the_dearer_one():
    compared = comparison()
    crossings = compared.crossings_of_users()
    assert {each.name for each in crossings} >= {SOCKET_IO, "Ably"}
    for each in crossings:
        before, after = (compared.at_users(each.at * factor) for factor in (0.97, 1.03))
        assert _dearer(before, each.name) is each.cheaper
        assert _dearer(after, each.name) is not each.cheaper


def _dearer(costs: dict[str, float | None], name: str) -> bool:
    ours, theirs = costs[OURS], costs[name]
    assert ours is not None
    assert theirs is not None
    return ours > theirs


def test_writes_at_which_they_cross_are_found_as_well():
    compared = comparison()
    crossings = compared.crossings_of_writes()
    assert crossings
    for each in crossings:
        before, after = (compared.totals(replace(USUAL, writes=each.at * factor)) for factor in (0.97, 1.03))
        assert _dearer(before, each.name) is each.cheaper
        assert _dearer(after, each.name) is not each.cheaper


def test_beyond_the_largest_plan_there_is_no_list_price():
    costs = comparison().at_users(100_000)
    assert costs["Pusher"] is None
    assert costs["Ably"] is None
    assert costs[OURS] is not None
    assert all(name in NAMES for name in costs)


def test_the_ladder_climbs():
    assert list(LADDER) == sorted(set(LADDER))


def test_every_assumption_is_one_line_and_tells_what_was_asked_for():
    lines = [*assumptions(replace(USUAL, users=321, writes=17.5, imported=4_321))]
    assert all(line.endswith(".") and "\n" not in line for line in lines)
    text = " ".join(lines)
    for told in ("321 people", "17.5 times an hour", "4,321 rows"):
        assert told in text
