"""The orders and filters of lists, over all rooms of a caller."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from openhouse.core.principal import Principal
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from tests.fakes import AVA, BEN, DANA, MIA
from tests.functional.conftest import World
from tests.functional.list_model import ORDERS, expected, page, pages, whole

HOUSES = {  # by name: who creates it, for whom to see, and the day it is to close
    "a": (AVA, "private", "2026-04-15"),
    "b": (AVA, "team", None),
    "c": (BEN, "broker", "2026-03-31"),
    "d": (BEN, "team", "2026-04-15"),
    "e": (AVA, "private", None),
    "f": (BEN, "private", "2026-04-01"),
    "g": (MIA, "broker", "2026-02-28"),
    "h": (MIA, "team", "2026-03-31"),
    "i": (AVA, "team", "2026-04-02"),
    "j": (BEN, "broker", None),
}
OF_AVA = "abcdegij"  # what she sees
FILTERS: list[dict[str, str]] = [
    {},
    {"status": "pending"},
    {"status": "pending,closed"},
    {"archived": "true"},
    {"archived": "false"},
    {"owner": "ben"},
    {"q": "ZOË"},
    {"from": "2026-03-31"},
    {"to": "2026-04-02"},
    {"from": "2026-03-31", "to": "2026-04-02"},
    {"from": "2026-03-31", "to": "2026-04-15", "archived": "false", "q": "sam"},
    {"status": "opened,closed", "owner": "ben", "q": "st", "from": "2026-03-01"},
    {"owner": "nobody"},
]


@pytest.fixture
def escrows(world: World) -> World:
    """Created one a minute; then three are changed, two of them in the same millisecond."""
    for number, (name, (who, visibility, date)) in enumerate(HOUSES.items()):
        house = {"propertyAddress": f"{name} Main St", "buyerName": ("Zoë", "Sam")[number % 2]}
        closes = {"closeOfEscrowDate": date} if date else {}
        world.records.create(ESCROWS, who, {**house, **closes, "visibility": visibility})
        world.clock.advance(60)
    change(world, "c", {"status": "closed"})
    change(world, "b", {"status": "pending"})
    change(world, "d", {"archived": True}, seconds=0)
    change(world, "a", {"archived": True})
    world.follow()
    return world


def change(world: World, name: str, patch: dict[str, Any], seconds: int = 60) -> None:
    """By its owner."""
    world.records.patch(ESCROWS, HOUSES[name][0], f"id-{ord(name) - ord('a') + 1:04d}", patch)
    world.clock.advance(seconds)


def names(records: list[dict[str, Any]]) -> str:
    return "".join(record["propertyAddress"][0] for record in records)


def listed(world: World, who: Principal = AVA, **query: str) -> str:
    return names(whole(world, ESCROWS, who, **query))


def test_newest_and_last_changed_come_first(escrows: World) -> None:
    assert listed(escrows) == listed(escrows, sort="newest") == "jigedcba"
    assert listed(escrows, sort="changed") == "dabcjige"


def test_dates_run_upwards_or_downwards_and_records_without_one_come_last_in_both(escrows: World) -> None:
    assert listed(escrows, sort="date") == "gciad" + "bej"
    assert listed(escrows, sort="-date") == "daicg" + "jeb"


@pytest.mark.parametrize("sort", ORDERS)
def test_each_order_holds_the_rooms_of_the_caller_and_no_other(escrows: World, sort: str) -> None:
    assert set(listed(escrows, sort=sort)) == set(OF_AVA)
    assert set(listed(escrows, BEN, sort=sort)) == set("bcdfgij")
    assert set(listed(escrows, MIA, sort=sort)) == set("cghj")
    assert set(listed(escrows, DANA, sort=sort)) == set("bcdghij")


def test_a_record_takes_its_place_anew_when_it_changes(escrows: World) -> None:
    change(escrows, "e", {"notes": "called"})
    assert listed(escrows, sort="changed") == "edabcjig"
    change(escrows, "e", {"closeOfEscrowDate": "2026-01-01"})
    change(escrows, "g", {"closeOfEscrowDate": None})
    assert listed(escrows, sort="date") == "eciad" + "bgj"
    assert listed(escrows) == "jigedcba"


def test_days_are_narrowed_with_both_ends_included(escrows: World) -> None:
    assert listed(escrows, sort="date", from_="2026-03-31", to="2026-04-02") == "ci"
    assert listed(escrows, sort="-date", from_="2026-04-02") == "dai"
    assert listed(escrows, sort="date", to="2026-03-31") == "gc"
    assert listed(escrows, sort="changed", to="2026-03-31") == "cg"
    assert listed(escrows, from_="2026-03-31", to="2026-03-31") == "c"


def test_each_filter_narrows_and_together_they_narrow_more(escrows: World) -> None:
    assert listed(escrows, status="pending") == "b"
    assert listed(escrows, status="pending,closed", sort="-date") == "cb"
    assert listed(escrows, archived="true", sort="date") == "ad"
    assert listed(escrows, archived="false") == "jigecb"
    assert listed(escrows, owner="ben", sort="changed") == "dcj"
    assert listed(escrows, q="ZOË", sort="date") == "gcia" + "e"
    assert listed(escrows, status="opened,closed", owner="ben", archived="false", from_="2026-01-01") == "c"


@pytest.mark.parametrize("sort", ORDERS)
def test_pages_of_any_size_join_to_exactly_the_whole_list(escrows: World, sort: str) -> None:
    everything = page(escrows, ESCROWS, AVA, {})["items"]
    for filters, limit in product(FILTERS, (1, 3, 8)):
        query = {**filters, "sort": sort}
        found = [names(each) for each in pages(escrows, ESCROWS, AVA, {**query, "limit": str(limit)})]
        assert (query, "".join(found)) == (query, names(expected(ESCROWS, everything, query)))
        assert all(len(each) <= limit for each in found)


@pytest.mark.parametrize(
    ("sort", "skipped", "narrowed", "rest"),
    [
        ("date", 1, {"from": "2026-04-01", "to": "2026-04-02"}, "i"),
        ("date", 3, {"to": "2026-03-31"}, ""),
        ("date", 3, {"to": "2026-04-15"}, "ad"),
        ("date", 6, {"from": "2026-01-01"}, ""),
        ("-date", 1, {"from": "2026-04-01", "to": "2026-04-02"}, "i"),
        ("-date", 3, {"from": "2026-04-15"}, ""),
        ("-date", 6, {"from": "2026-01-01"}, ""),
        ("-date", 6, {}, "eb"),
        ("newest", 3, {"to": "2026-03-31"}, "c"),
    ],
)
def test_a_cursor_goes_on_in_its_order_even_if_the_filters_have_changed(
    escrows: World, sort: str, skipped: int, narrowed: dict[str, str], rest: str
) -> None:
    """With what they let through after the cursor's place, and with nothing before it."""
    cursor = page(escrows, ESCROWS, AVA, {"sort": sort, "limit": str(skipped)})["cursor"]
    found = page(escrows, ESCROWS, AVA, {"sort": sort, "cursor": cursor, **narrowed})
    assert names(found["items"]) == rest


def test_up_to_two_hundred_fit_on_a_page(world: World) -> None:
    rooms = ("team", "private", "broker")
    records = [{"firstName": "A", "lastName": f"{number}", "visibility": rooms[number % 3]} for number in range(203)]
    world.bulk.write(CLIENTS, AVA, [{"record": record} for record in records])
    world.follow()
    world.clock.advance(60)
    for query in ({}, {"sort": "changed"}, {"status": "active"}, {"q": "2"}):
        found = list(pages(world, CLIENTS, AVA, {**query, "limit": "200"}))
        every = [str(number) for number in range(202, -1, -1) if str(number).startswith(query.get("q", ""))]
        assert [record["lastName"] for each in found for record in each] == every
        assert len(found[0]) == min(200, len(every))


@pytest.fixture
def appointments(world: World) -> World:
    """Each of an hour, but for a conference of three days and a holiday of three weeks."""
    for title, starts, ends in [
        ("first", "2026-03-31T00:00:00.000Z", "2026-03-31T01:00:00.000Z"),
        ("last", "2026-03-31T23:30:00.000Z", "2026-04-01T00:30:00.000Z"),
        ("next", "2026-04-01T00:00:00.000Z", "2026-04-01T01:00:00.000Z"),
        ("before", "2026-03-30T23:00:00.000Z", "2026-03-31T00:00:00.000Z"),
        ("noon", "2026-03-31T10:00:00.000Z", "2026-03-31T11:00:00.000Z"),
        ("conference", "2026-03-30T08:00:00.000Z", "2026-04-01T20:00:00.000Z"),
        ("holiday", "2026-03-15T07:00:00.000Z", "2026-04-05T07:00:00.000Z"),
        ("over", "2026-03-20T07:00:00.000Z", "2026-03-31T00:00:00.000Z"),
    ]:
        world.records.create(APPOINTMENTS, AVA, {"title": title, "startsAt": starts, "endsAt": ends})
        world.clock.advance(60)
    world.follow()
    return world


def titles(world: World, **query: str) -> list[str]:
    return [record["title"] for record in whole(world, APPOINTMENTS, AVA, **query)]


@pytest.mark.parametrize("limit", ["1", "200"])
def test_appointments_of_a_day_are_those_that_last_into_it(appointments: World, limit: str) -> None:
    that_day = ["holiday", "conference", "first", "noon", "last"]
    one_day = {"from_": "2026-03-31", "to": "2026-03-31", "limit": limit}
    assert titles(appointments, sort="date", **one_day) == that_day
    assert titles(appointments, sort="-date", **one_day) == that_day[::-1]
    assert titles(appointments, sort="newest", **one_day) == ["holiday", "conference", "noon", "last", "first"]
    assert titles(appointments, sort="name", **one_day) == sorted(that_day)


def test_a_moment_is_taken_to_the_millisecond_and_a_day_in_its_zone(appointments: World) -> None:
    def within(since: str, until: str, **more: str) -> list[str]:
        return titles(appointments, sort="date", from_=since, to=until, **more)[2:]  # the first two last long

    assert within("2026-03-31T11:00:00Z", "2026-03-31T23:30:00Z") == ["last"]
    assert within("2026-03-31T10:59:59.999Z", "2026-03-31T23:29:59.999Z") == ["noon"]
    assert within("2026-03-31T12:59:00+02:00", "2026-03-31") == ["noon", "last"]
    assert within("2026-03-31", "2026-03-31", tz="America/Los_Angeles") == ["noon", "last", "next"]
    assert within("2026-03-31", "2026-03-31", tz="Asia/Tokyo") == ["conference", "before", "first", "noon"]


def test_what_lasts_long_moves_with_its_end(appointments: World) -> None:
    (holiday,) = [each for each in whole(appointments, APPOINTMENTS, AVA) if each["title"] == "holiday"]
    appointments.records.patch(APPOINTMENTS, AVA, holiday["id"], {"endsAt": "2026-05-05T07:00:00.000Z"})
    appointments.follow()
    appointments.clock.advance(3600)
    assert titles(appointments, sort="date", from_="2026-05-01") == ["holiday"]


# Names, prices, tags and what is linked -------------------------------------------------------------------------------


@pytest.fixture
def clients(world: World) -> World:
    for last, first, city, tags in [
        ("Núñez", "Ángela", "San José", ("VIP", "first home")),
        ("nunez", "Zoë", "Davis", ("vip",)),
        ("Nun", "Ada", "san jose", ()),
        ("Nunez-Hart", "Bo", "Reno", ("first home",)),
        ("王", "小明", "Davis", ()),
    ]:
        tagged = dict.fromkeys(tags, True)
        world.records.create(CLIENTS, AVA, {"lastName": last, "firstName": first, "city": city, "tags": tagged})
        world.clock.advance(60)
    world.follow()
    return world


def firsts(world: World, **query: str) -> list[str]:
    return [record["firstName"] for record in whole(world, CLIENTS, AVA, **query)]


@pytest.mark.parametrize("limit", ["1", "2", "50"])
def test_names_are_sorted_without_case_and_accents(clients: World, limit: str) -> None:
    by_name = ["Ada", "Ángela", "Bo", "Zoë", "小明"]
    assert firsts(clients, sort="name", limit=limit) == by_name
    assert firsts(clients, sort="-name", limit=limit) == by_name[::-1]
    assert firsts(clients, sort="name", limit=limit, q="nun", archived="false") == by_name[:4]


def test_tags_and_cities_are_compared_without_case_and_accents_but_whole(clients: World) -> None:
    assert firsts(clients, tag="vip") == ["Zoë", "Ángela"]
    assert firsts(clients, tag="First Home", sort="name") == ["Ángela", "Bo"]
    assert firsts(clients, tag="first") == []
    assert firsts(clients, city="San Jose") == ["Ada", "Ángela"]
    assert firsts(clients, city="san josé", tag="vip", q="ange") == ["Ángela"]


@pytest.mark.parametrize("limit", ["1", "50"])
def test_prices_order_and_narrow_and_what_has_none_comes_last(world: World, limit: str) -> None:
    for name, cents in (("a", 300), ("b", None), ("c", 100), ("d", 10**13), ("e", 0), ("f", None)):
        price = {} if cents is None else {"purchasePriceCents": cents}
        world.records.create(ESCROWS, AVA, {"propertyAddress": name, **price})
    assert listed(world, sort="price", limit=limit) == "ecad" + "bf"
    assert listed(world, sort="-price", limit=limit) == "dace" + "fb"
    assert listed(world, sort="price", minPriceCents="100", maxPriceCents="300", limit=limit) == "ca"
    assert listed(world, sort="-price", minPriceCents="100", limit=limit) == "dac"
    assert listed(world, sort="newest", maxPriceCents="300", limit=limit) == "eca"
    assert listed(world, sort="date", minPriceCents="300", maxPriceCents="300", limit=limit) == "a"


def test_what_is_linked_to_a_record_is_listed_by_its_id(world: World) -> None:
    ids = [world.records.create(CLIENTS, AVA, {"lastName": name})["id"] for name in "ab"]
    for name, linked in (("x", ids), ("y", ids[:1]), ("z", [])):
        world.records.create(ESCROWS, AVA, {"propertyAddress": name, "clientIds": dict.fromkeys(linked, True)})
    world.follow()
    world.clock.advance(3600)
    assert listed(world, clientId=ids[0]) == "yx"
    assert listed(world, clientId=ids[1]) == "x"
    assert listed(world, clientId="nobody") == ""


@pytest.mark.parametrize("sort", ["newest", "changed"])
def test_a_module_without_a_date_is_listed_in_the_other_orders(world: World, sort: str) -> None:
    for name in "abc":
        world.records.create(CLIENTS, AVA, {"firstName": "A", "lastName": name})
    assert [record["lastName"] for record in whole(world, CLIENTS, AVA, sort=sort, status="active")] == ["c", "b", "a"]
