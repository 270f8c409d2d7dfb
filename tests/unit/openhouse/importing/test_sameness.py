from __future__ import annotations

from typing import Any

import pytest

from openhouse.crm.module import Module
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.importing.sameness import Facts, Found, Records


def found(module: Module, one: dict[str, Any], other: dict[str, Any]) -> Found:
    """What is found of `one` by `other`."""
    known = Records(module)
    known.add("one", Facts.of_document(module, one))
    return known.find(Facts.of_document(module, other))


HERE = {"city": "Davis", "state": "CA", "zip": "95616"}


@pytest.mark.parametrize(
    ("module", "one", "other"),
    [
        (LISTINGS, {"mlsNumber": "ML81", "address": "1 A St"}, {"mlsNumber": "ml81", "address": "2 B St"}),
        (LISTINGS, {"address": "123 N Main Street, Apt. 4", **HERE}, {"address": "123 North Main St #4", **HERE}),
        (LISTINGS, {"mlsNumber": "ML81", "address": "1 A St", **HERE}, {"address": "1 a street", **HERE}),
        (CLIENTS, {"email": "Z@x.com"}, {"email": "a@x.com", "emails": {"1": {"value": "z@x.com"}}}),
        (CLIENTS, {"phone": "+14155550123"}, {"lastName": "Hart", "phone": "+14155550123"}),
        (CLIENTS, {"lastName": "Hart"}, {"lastName": "HART"}),
        (CLIENTS, {"firstName": "Jo", "phone": "+14155550123"}, {"firstName": "Joanna", "phone": "+14155550123"}),
        (ESCROWS, {"propertyAddress": "1 A St", "buyerName": "Ann"}, {"propertyAddress": "1 A St"}),
        (
            ESCROWS,
            {"propertyAddress": "1 A St", "buyerName": "Zoë Hart"},
            {"propertyAddress": "1 A ST", "buyerName": "ZOE HART"},
        ),
    ],
)
def test_the_same_is_known_however_it_is_written(module, one, other):
    assert [known.id for known in found(module, one, other).same] == ["one"]
    assert [known.id for known in found(module, other, one).same] == ["one"]


@pytest.mark.parametrize(
    ("module", "one", "other"),
    [
        (
            LISTINGS,
            {"mlsNumber": "ML81", "address": "1 A St", **HERE},
            {"mlsNumber": "ML82", "address": "1 A St", **HERE},
        ),
        (LISTINGS, {"address": "1 A St #4", **HERE}, {"address": "1 A St #5", **HERE}),
        (LISTINGS, {"address": "1 A St", **HERE}, {"address": "1 A St", **HERE, "zip": "95617"}),
        (CLIENTS, {"lastName": "Hart"}, {"lastName": "Hart", "company": "Hart Trust"}),
        (CLIENTS, {"lastName": "Hart"}, {"lastName": "Hart", "phone": "+14155550123"}),
        (ESCROWS, {"propertyAddress": "1 A St", "buyerName": "Ann"}, {"propertyAddress": "1 A St", "buyerName": "Bo"}),
        (
            ESCROWS,
            {"propertyAddress": "1 A St", "closeOfEscrowDate": "2008-05-21"},
            {"propertyAddress": "1 A St", "closeOfEscrowDate": "2009-05-21", "buyerName": "Bo"},
        ),
        (APPOINTMENTS, {"title": "Showing"}, {"title": "Showing"}),
    ],
)
def test_what_is_only_alike_is_not_the_same(module, one, other):
    assert not found(module, one, other).same
    assert not found(module, other, one).same


def test_who_shares_a_number_under_another_first_name_is_near_and_not_the_same():
    ann, bo = ({"firstName": name, "phone": "+14155550123"} for name in ("Ann", "Bo"))
    assert [known.id for known in found(CLIENTS, ann, bo).near] == ["one"]


def test_where_both_have_a_number_of_their_own_the_address_says_nothing():
    one = {"mlsNumber": "ML81", "address": "1 A St", **HERE}
    assert found(LISTINGS, one, {**one, "mlsNumber": "ML82"}) == Found()
    assert found(LISTINGS, one, {**one, "mlsNumber": ""}).same
