"""A module that nobody has built anything for: one declaration, and everything else follows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from contractgen.breaking import breaking_changes
from contractgen.documents import ASYNCAPI, EVENTS, FIELDS, OPENAPI, TYPES, documents
from contractgen.node import run_script
from openhouse.contract.registry import events_of
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from tests.contract.checked_world import CheckedWorld
from tests.contract.module_contract import ModuleContract
from tests.contract.sixth_module import OFFERS, SIX
from tests.contract.test_typescript import unhandled
from tests.fakes import MIA


@pytest.mark.parametrize("module", [OFFERS], ids=["offer"])
class TestOffers(ModuleContract):
    modules = SIX

    def test_they_have_numbers_dates_references_rules_and_totals_like_the_others(
        self, checked: CheckedWorld, module: Module
    ) -> None:
        days = ["2026-05-01", "2026-03-01", "2026-04-01"]
        made = [checked.call("POST", "/offers", {**module.example, "closingDate": day}) for day in days]
        undated = checked.call("POST", "/offers", {"buyerName": "Ann", "priceCents": 1})
        assert [offer["offerNumber"] for offer in (*made, undated)] == [f"OFF-2026-00{n}" for n in (1, 2, 3, 4)]
        by_date = checked.call("GET", "/offers", query={"sort": "date"})["items"]
        assert [offer.get("closingDate") for offer in by_date] == [*sorted(days), None]
        april = checked.call("GET", "/offers", query={"from": "2026-04-01", "to": "2026-04-30", "q": "ortiz"})["items"]
        assert [offer["id"] for offer in april] == [made[2]["id"]]

        one = f"/offers/{made[0]['id']}"
        refused = checked.call("PATCH", one, {"earnestCents": 40_000_001})
        assert refused["errors"] == [{"field": "earnestCents", "message": "must be no more than priceCents"}]
        assert checked.call("PATCH", one, {"listingId": "nothing"})["errors"][0]["field"] == "listingId"
        listing = checked.call("POST", "/listings", next(each for each in MODULES if each.noun == "listing").example)
        checked.call("PATCH", one, {"listingId": listing["id"], "status": "accepted"})
        assert checked.call("GET", "/offers/stats")["total"] == {
            "counts": {"made": 3, "countered": 0, "accepted": 1, "declined": 0},
            "archived": 0,
            "acceptedCents": 40_000_000,
        }
        assert checked.call("GET", one, who=MIA)["code"] == "not_found"
        told = [event["type"] for event in checked.events()]
        assert told.count("offer:accepted") == 1
        assert told.count("offer:stats") == 5


@pytest.fixture(scope="module")
def made() -> dict[Path, str]:
    return documents(SIX)


def test_its_documents_are_valid_and_break_no_client_of_the_others(made: dict[Path, str]) -> None:
    validate(json.loads(made[OPENAPI]))
    run_script("asyncapi.mjs", made[ASYNCAPI])
    assert {"/offers", "/offers/stats", "/offers/bulk", "/offers/{id}"} <= json.loads(made[OPENAPI])["paths"].keys()
    assert "OfferAccepted" in json.loads(made[EVENTS])["$defs"]
    for five, six in zip(documents(MODULES).items(), made.items(), strict=True):
        if five[0] in (OPENAPI, ASYNCAPI):
            assert breaking_changes(json.loads(five[1]), json.loads(six[1])) == []


def test_its_events_are_among_those_that_a_client_has_to_handle(made: dict[Path, str], tmp_path: Path) -> None:
    types = list(events_of(SIX))
    assert unhandled(made[TYPES], types, "offer:accepted", tmp_path) == [("without", "OfferAccepted")]


def test_its_forms_have_what_they_are_made_of(made: dict[Path, str]) -> None:
    assert 'offer: "offers"' in made[FIELDS]
    assert 'priceCents: { type: "money", label: "Price", required: true' in made[FIELDS]
    assert 'contingencies: { type: "list", label: "Contingencies", maxLength: 20 }' in made[FIELDS]
    assert "declined: []" in made[FIELDS]
