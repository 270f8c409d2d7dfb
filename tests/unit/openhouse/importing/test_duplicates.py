from __future__ import annotations

import pytest

from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.importing.duplicates import are_same, keys_of

HERE = {"city": "Davis", "state": "CA", "zip": "95616"}


@pytest.mark.parametrize(
    ("module", "one", "other"),
    [
        (LISTINGS, {"mlsNumber": "ML81", "address": "1 A St"}, {"mlsNumber": "ml81", "address": "2 B St"}),
        (LISTINGS, {"address": "123 N Main Street, Apt. 4", **HERE}, {"address": "123 North Main St #4", **HERE}),
        (LISTINGS, {"mlsNumber": "ML81", "address": "1 A St", **HERE}, {"address": "1 a street", **HERE}),
        (CLIENTS, {"email": "Z@x.com"}, {"email": "a@x.com", "emails": {"1": {"value": "z@x.com"}}}),
        (CLIENTS, {"phone": "+14155550123"}, {"lastName": "Hart", "phone": "+14155550123"}),
        (
            ESCROWS,
            {"propertyAddress": "1 A St", "buyerName": "Zoë Hart"},
            {"propertyAddress": "1 A ST", "buyerName": "ZOE HART"},
        ),
    ],
)
def test_the_same_is_known_however_it_is_written(module, one, other):
    assert are_same(one, other, module)
    assert set(keys_of(one, module)) & set(keys_of(other, module))


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
        (CLIENTS, {"lastName": "Hart"}, {"lastName": "Hart"}),
        (ESCROWS, {"propertyAddress": "1 A St", "buyerName": "Ann"}, {"propertyAddress": "1 A St", "buyerName": "Bo"}),
        (APPOINTMENTS, {"title": "Showing"}, {"title": "Showing"}),
    ],
)
def test_what_is_only_alike_is_not_the_same(module, one, other):
    assert not are_same(one, other, module)
