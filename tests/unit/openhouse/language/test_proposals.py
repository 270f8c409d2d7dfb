from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bench.language import samples
from openhouse.crm.modules import MODULES
from openhouse.language.engine import Asker, Mention
from openhouse.language.labels import LABELS, Label
from openhouse.language.proposals import Proposal, create_from_text
from openhouse.language.rules.engine import RulesEngine
from tests.unit.openhouse.language.asking import ASKER, TODAY, ZONE


class Pointing:
    """An engine that points where it is told: at the first place of each of these words."""

    name: Any = "bedrock"

    def __init__(self, *pointed: tuple[Label, str]) -> None:
        self.pointed = pointed

    def mentions(self, _asker: Asker, text: str, _labels: Collection[Label]) -> Sequence[Mention]:
        return [Mention(text.index(words), text.index(words) + len(words), label) for label, words in self.pointed]

    def sentences(self, _asker: Asker, _facts: Any) -> Sequence[str]:
        return []


def proposed(text: str, engine: Any = None, *, today: date = TODAY, zone: str = ZONE) -> Proposal:
    return create_from_text(engine or RulesEngine(), ASKER, text, today=today, time_zone=zone)


def of(proposal: Proposal, noun: str) -> Any:
    return next(record for record in proposal.records if record.noun == noun)


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_every_value_can_be_read_where_it_says_that_it_stands(sample: Any):
    for record in proposed(sample.text).records:
        for name, value in record.fields.items():
            span = record.origins[name]
            words = sample.text[span.start : span.end].replace("\u200b", "")
            assert words.strip() == words != ""
            if isinstance(value, str) and name.endswith(("Name", "ddress", "city", "ompany")) and name != "location":
                assert value == " ".join(words.split())
            if name.endswith("Cents"):
                assert any(one.isdigit() for one in words)


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_what_is_proposed_is_what_the_modules_declare(sample: Any):
    known = {module.noun: module for module in MODULES}
    for record in proposed(sample.text).records:
        module = known[record.noun]
        written = {info.alias or name for name, info in module.model.model_fields.items()} - module.assigned
        assert record.fields.keys() | record.links.keys() <= written
        if not record.missing:
            whole = {"id": "x", "version": 1, "room": "team:x", "ownerId": "u", "status": module.first_status}
            whole |= {
                "createdAt": "2026-01-01T00:00:00Z",
                "createdBy": "u",
                "updatedAt": "2026-01-01T00:00:00Z",
                "updatedBy": "u",
            }
            module.model.model_validate({**whole, **record.fields}, by_alias=True)


def test_records_name_each_other_by_their_references():
    proposal = proposed(
        "Escrow for 1 Elm St, Davis, CA 95616, buyers Ana Ruiz and Leo Ruiz, $500,000, closing May 3, 2027"
    )
    escrow = of(proposal, "escrow")
    refs = {record.ref for record in proposal.records}
    assert escrow.links == {"listingId": "listing-1", "clientIds": {"client-1": True, "client-2": True}}
    assert {"listing-1", "client-1", "client-2", "appointment-1"} <= refs
    assert of(proposal, "appointment").links == {"listingId": "listing-1"}


def test_what_needed_more_than_the_words_says_so():
    record = of(proposed("Escrow for 1 Elm St, Davis, CA 95616, buyer Ana Ruiz, closing August 3"), "escrow")
    assert record.notes == {"closeOfEscrowDate": "The text names no year; the one next to today is meant."}


def test_an_appointment_is_in_the_zone_of_the_person():
    text = "Showing at 1 Elm St, Boston, MA 02116 on December 5, 2026 at 2:30 pm"
    assert of(proposed(text, zone="America/New_York"), "appointment").fields["startsAt"] == "2026-12-05T19:30:00.000Z"
    assert of(proposed(text), "appointment").fields["startsAt"] == "2026-12-05T22:30:00.000Z"


def test_two_values_for_one_field_leave_it_empty_and_are_told():
    proposal = proposed(
        "Escrow 1 Elm St, Davis, CA 95616. Purchase price $1,000,000. Buyer Ana Ruiz. Purchase price $2,000,000."
    )
    assert "purchasePriceCents" not in of(proposal, "escrow").fields
    assert any("purchase price" in each.message for each in proposal.warnings)


def test_an_address_without_a_state_is_told_to_be_incomplete():
    listing = of(proposed("New listing: 1 Elm St, 3 beds, 2 baths, list price $500,000"), "listing")
    assert listing.missing == ("city", "state", "zip")


def test_words_that_are_cut_are_no_values():
    text = "Escrow for 1 Elm St, price $540,000 today"
    cut = Pointing(
        ("street", "1 Elm St"),
        ("transaction", "Escrow"),
        ("purchase_price", "$540"),
        ("loan_amount", "40,000"),
        ("lender", "toda"),
    )
    assert of(proposed(text, cut), "escrow").fields == {"propertyAddress": "1 Elm St"}


def test_words_that_do_not_say_it_are_no_values():
    text = "Escrow for 1 Elm St, buyer soon, call ana"
    right: tuple[tuple[Label, str], ...] = (("street", "1 Elm St"), ("transaction", "Escrow"), ("client_email", "ana"))
    wrong = Pointing(*right, ("purchase_price", "soon"), ("close_of_escrow", "soon"), ("buyer", "soon"))
    proposal = proposed(text, wrong)
    assert of(proposal, "escrow").fields == {"propertyAddress": "1 Elm St"}
    assert [each.message for each in proposal.warnings] == [
        "buyer: is no name.",
        "purchase price: cannot be read.",
        "client email: cannot be read.",
        "close of escrow: is no date that exists.",
    ]


def test_a_value_that_the_module_does_not_take_is_left_out_and_told():
    pointing = Pointing(("street", "1 Elm St"), ("bedrooms", "5000 beds"), ("bathrooms", "2 baths"))
    proposal = proposed("New listing: 1 Elm St, 5000 beds, 2 baths", pointing)
    assert of(proposal, "listing").fields == {"address": "1 Elm St", "bathrooms": 2.0}
    assert [each.message for each in proposal.warnings] == ["bedrooms must be at most 1000."]


def test_somebody_who_buys_and_sells_is_one_client():
    proposal = proposed("Escrow 1 Elm St, Davis, CA 95616. Buyer: Ana Ruiz. Seller: Ana Ruiz.")
    assert [record.fields["clientType"] for record in proposal.records if record.noun == "client"] == ["both"]


@given(some.lists(some.tuples(some.sampled_from(LABELS), some.integers(0, 80), some.integers(0, 80)), max_size=12))
@settings(max_examples=150, deadline=None)
def test_whatever_an_engine_points_at_there_is_a_proposal_of_values_that_stand_there(
    pointed: list[tuple[Label, int, int]],
):
    text = "Escrow 1 Elm St, Davis, CA 95616, buyer Ana Ruiz & Bo Li, $540,000, May 3, 2%"

    class Anywhere(Pointing):
        def mentions(self, _asker: Asker, text: str, _labels: Collection[Label]) -> Sequence[Mention]:
            return [Mention(start, end, label) for label, start, end in pointed]

    for record in proposed(text, Anywhere()).records:
        for name, span in record.origins.items():
            assert 0 <= span.start < span.end <= len(text), name
