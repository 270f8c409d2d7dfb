"""The parameters of lists, as they come in a request."""

from __future__ import annotations

from typing import get_args

import pytest

from openhouse.api.list_parameters import list_parameters, parse_list_query
from openhouse.core.errors import BadParameter
from openhouse.crm.cursors import Cursor, Order
from openhouse.crm.list_query import ListQuery
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.crm.search_terms import Trait

each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)


@each_module
def test_nothing_asked_for_is_the_newest_fifty(module: Module) -> None:
    assert parse_list_query(module, {}) == ListQuery(limit=50, order=Order.NEWEST)


@each_module
def test_an_empty_parameter_is_refused_but_for_a_text_and_a_list_of_statuses(module: Module) -> None:
    names = list_parameters(module).model_json_schema()["properties"].keys()
    assert {"limit", "cursor", "sort", "status", "archived", "owner", "q"} <= names
    assert parse_list_query(module, {"q": "", "status": ""}) == ListQuery()
    for name in names - {"q", "status"}:
        with pytest.raises(BadParameter, match=f"^{name}: "):
            parse_list_query(module, {name: ""})


def test_every_parameter_arrives() -> None:
    cursor = Cursor(Order.LATEST, "2026-03-31#1")
    query = {
        "limit": "200",
        "cursor": cursor.text(),
        "sort": "-date",
        "status": "opened,pending",
        "archived": "false",
        "owner": "ava",
        "from": "2026-03-01",
        "to": "2026-03-31",
        "q": "Main St",
    }
    assert parse_list_query(ESCROWS, query) == ListQuery(
        limit=200,
        order=Order.LATEST,
        cursor=cursor,
        statuses=frozenset({"opened", "pending"}),
        archived=False,
        owner_id="ava",
        since="2026-03-01",
        until="2026-03-31",
        text="Main St",
    )


def test_moments_are_read_in_any_time_zone_and_days_are_those_of_utc() -> None:
    found = parse_list_query(APPOINTMENTS, {"from": "2026-03-31T12:00:00+02:00", "to": "2026-04-01"})
    assert (found.since, found.until) == ("2026-03-31T10:00:00.000Z", "2026-04-01T23:59:59.999Z")


@pytest.mark.parametrize(
    ("zone", "day", "begins", "ends"),
    [
        ("America/Los_Angeles", "2026-03-08", "2026-03-08T08:00:00.000Z", "2026-03-09T06:59:59.999Z"),  # of 23 hours
        ("America/Los_Angeles", "2026-11-01", "2026-11-01T07:00:00.000Z", "2026-11-02T07:59:59.999Z"),  # of 25
        (
            "America/Santiago",
            "2026-09-06",
            "2026-09-06T04:00:00.000Z",
            "2026-09-07T02:59:59.999Z",
        ),  # without a midnight
        ("asia/kolkata", "2026-03-31", "2026-03-30T18:30:00.000Z", "2026-03-31T18:29:59.999Z"),
    ],
)
def test_a_day_is_that_of_the_zone_that_is_named(zone: str, day: str, begins: str, ends: str) -> None:
    found = parse_list_query(APPOINTMENTS, {"from": day, "to": day, "tz": zone})
    assert (found.since, found.until) == (begins, ends)


def test_only_what_happens_at_moments_has_days_of_a_zone() -> None:
    with pytest.raises(BadParameter, match="there is no parameter tz"):
        parse_list_query(ESCROWS, {"tz": "America/Los_Angeles"})
    with pytest.raises(BadParameter, match="tz: is not a time zone"):
        parse_list_query(APPOINTMENTS, {"tz": "Mars/Olympus"})


def test_filters_are_compared_without_case_and_accents_but_ids_as_they_are() -> None:
    query = {"tag": "First  HOME", "city": "San José"}
    assert parse_list_query(CLIENTS, query).traits == {Trait("tag", "first home"), Trait("city", "san jose")}
    assert parse_list_query(ESCROWS, {"clientId": "Ab-1"}).traits == {Trait("clientId", "Ab-1")}


def test_a_source_is_one_of_those_there_are() -> None:
    assert parse_list_query(LEADS, {"source": "open_house"}).traits == {Trait("source", "open house")}
    with pytest.raises(BadParameter, match="source: must be zillow, referral"):
        parse_list_query(LEADS, {"source": "a friend"})


def test_prices_are_whole_cents_the_lower_first() -> None:
    found = parse_list_query(LISTINGS, {"minPriceCents": "100", "maxPriceCents": "100"})
    assert (found.least_cents, found.most_cents) == (100, 100)
    for query in ({"minPriceCents": "101", "maxPriceCents": "100"}, {"maxPriceCents": "1.5"}, {"minPriceCents": "-1"}):
        with pytest.raises(BadParameter, match=r"^m..PriceCents: "):
            parse_list_query(LISTINGS, query)


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("limit", "0", "limit: must be at least 1"),
        ("limit", "201", "limit: must be at most 200"),
        ("limit", "-1", "limit: must be a whole number"),
        ("limit", "1.0", "limit: must be a whole number"),
        ("limit", "٣", "limit: must be a whole number"),
        ("limit", "9" * 5_000, "limit: is too large a number"),
        ("sort", "oldest", "sort: must be newest, changed, date, -date, name, -name, price or -price"),
        ("status", "sold", "status: must be opened, pending, closed or cancelled"),
        ("status", "opened,sold", "status: must be opened, pending, closed or cancelled"),
        ("status", "opened, pending", "status: must be opened, pending, closed or cancelled"),
        ("archived", "yes", "archived: must be true or false"),
        ("owner", "x" * 129, "owner: must have at most 128 characters"),
        ("q", "x" * 201, "q: must have at most 200 characters"),
        ("cursor", "x" * 601, "cursor: must have at most 600 characters"),
        ("cursor", "x", "the cursor is not one of ours"),
        ("from", "2026-02-30", "from: is not a day that exists"),
        ("from", "March", "from: must be a day from 1900 to 2199, such as 2026-03-02"),
        ("from", "1899-12-31", "from: must be a day"),
        ("from", "1704067200", "from: must be a day"),
        ("to", "2026-03-31T10:00:00Z", "to: must be a day"),
        ("to", "2200-01-01", "to: must be a day"),
        (
            "from_",
            "2026-03-01",
            "there is no parameter from_; there are archived, city, clientId, cursor",
        ),
        (
            "colour",
            "red",
            "there is no parameter colour; there are archived, city, clientId, cursor",
        ),
        ("x" * 1_000, "red", f"there is no parameter {'x' * 50}; there are archived"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(name: str, text: str, complaint: str) -> None:
    with pytest.raises(BadParameter) as refused:
        parse_list_query(ESCROWS, {"limit": "5", name: text})
    assert refused.value.message.startswith(complaint)
    assert len(refused.value.message) < 300


@pytest.mark.parametrize(
    "text", ["2026-03-31T10:00:00", "2026-03-31T10:00:00 02:00", "12345678901", "2026-03-31T", "T"]
)
def test_a_moment_needs_its_time_zone_and_is_not_a_number(text: str) -> None:
    with pytest.raises(BadParameter, match=r"^from: "):
        parse_list_query(APPOINTMENTS, {"from": text})


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-03-31", "2026-03-30"),
        ("2026-03-31", "2026-03-30T23:59:59.999Z"),
        ("2026-03-31T10:00:00Z", "2026-03-30"),
        ("2026-03-31T10:00:00Z", "2026-03-31T09:00:00Z"),
    ],
)
def test_what_would_end_before_it_begins_is_refused(since: str, until: str) -> None:
    with pytest.raises(BadParameter, match="to: must not be before from"):
        parse_list_query(APPOINTMENTS, {"from": since, "to": until})


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-03-31", "2026-03-31"),
        ("2026-03-31", "2026-03-31T00:00:00Z"),
        ("2026-03-31T10:00:00Z", "2026-03-31"),
        ("2026-03-31T10:00:00Z", "2026-03-31T10:00:00Z"),
    ],
)
def test_what_ends_as_it_begins_is_not(since: str, until: str) -> None:
    assert parse_list_query(APPOINTMENTS, {"from": since, "to": until}).dated


@pytest.mark.parametrize("module", [CLIENTS, LEADS], ids=lambda module: module.noun)
def test_a_module_without_a_date_has_neither_its_orders_nor_its_bounds(module: Module) -> None:
    for sort in ("date", "-date"):
        with pytest.raises(BadParameter, match=r"^sort: must be newest, changed, name"):
            parse_list_query(module, {"sort": sort})
    for name in ("from", "to"):
        with pytest.raises(BadParameter, match=f"^there is no parameter {name}; there are archived, c"):
            parse_list_query(module, {name: "2026-03-01"})


@pytest.mark.parametrize(("module", "moments"), [(ESCROWS, False), (LISTINGS, False), (APPOINTMENTS, True)])
def test_bounds_are_days_where_the_date_is_one_and_also_moments_where_it_is_not(module: Module, moments: bool) -> None:
    for name in ("from", "to"):
        schema = str(list_parameters(module).model_json_schema()["properties"][name])
        assert "'format': 'date'" in schema
        assert ("'format': 'date-time'" in schema) is moments


@each_module
def test_every_status_of_a_module_may_be_asked_for(module: Module) -> None:
    statuses = get_args(module.model.model_fields["status"].annotation)
    assert parse_list_query(module, {"status": ",".join(statuses)}).statuses == frozenset(statuses)
