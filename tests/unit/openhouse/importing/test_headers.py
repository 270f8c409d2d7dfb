from __future__ import annotations

import pytest

from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.importing.proposal import Confidence, propose
from openhouse.importing.targets import Kind, targets_of
from tests.contract.sixth_module import OFFERS
from tests.unit.openhouse.importing.tables import targets


def snake(name: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name)


@pytest.mark.parametrize("module", [*MODULES, OFFERS], ids=lambda module: module.path)
def test_every_field_is_found_by_its_own_name(module: Module) -> None:
    for target in targets_of(module).values():
        if target.automatic and snake(target.name) in module.fields:
            assert targets([target.name], module) == [target.name]
            assert targets([snake(target.name).upper()], module) == [target.name]


@pytest.mark.parametrize("name", ["buyerName", "buyer_name", "Buyer Name", "BUYERNAME", "Name of Buyer", "Buyer(s)"])
def test_case_signs_and_order_of_words_do_not_matter(name):
    assert targets([name.replace("BUYERNAME", "BUYER_NAME")], ESCROWS) == ["buyerName"]


def test_a_module_that_nobody_has_thought_of_is_filled_as_well():
    row = ["Ann", "$540,000", "2.000,00", "3/2/2026", "loan", "soon"]
    columns = ["Buyer", "Price", "Earnest Cents", "Closing Date", "Financing", "Comments"]
    assert targets(columns, OFFERS, row)[:2] == ["buyerName", "priceCents"]
    assert targets(columns, OFFERS, row)[3:] == ["closingDate", "financing", "notes"]


@pytest.mark.parametrize(
    "name",
    ["Owner ID", "Lead ID", "Client Id", "listing_id", "Assigned Agent ID", "Team ID", "clientIds", "Contact Id", "id"],
)
def test_the_ids_of_another_system_are_never_ours(name):
    for module in MODULES:
        if (module, name) != (LISTINGS, "listing_id"):  # the Data Dictionary calls the MLS number so
            assert targets([name], module) == [None]


@pytest.mark.parametrize("name", ["$/SqFt", "Price per Sq Ft", "PRICE/SQFT", "$/Square Feet"])
def test_what_is_known_to_have_no_field_is_not_even_suggested(name):
    [column] = propose([name], [["340"]], LISTINGS).columns
    assert (column.confidence, column.candidates) == (Confidence.UNKNOWN, ())


def test_a_unit_in_a_header_is_only_one_of_numbers():
    assert targets(["Price (USD)", "Lot Size (Acres)"], LISTINGS, ["5", "0.2"]) == ["price", "lotSizeSqft"]
    assert targets(["Description SqFt"], LISTINGS, ["1480"]) == ["squareFeet"], "of a nested record made flat"
    assert targets(["Notes Monthly"], CLIENTS, ["5"]) == [None]


def test_several_names_of_one_field_are_that_field_and_of_several_are_none():
    assert targets(["Tags/Groups"], CLIENTS, ["VIP"]) == ["tags"]
    assert targets(["Br/Ba", "Title/Escrow Company"], LISTINGS, ["3/2", "Bay"]) == [None, None]


def test_what_is_only_alike_is_suggested_and_not_filled():
    [column] = propose(["Purchse Price"], [["540000"]], ESCROWS).columns
    assert column.confidence is Confidence.SUGGESTED
    assert column.target is None
    assert column.candidates[0] == "purchasePriceCents"


def test_several_columns_that_may_be_one_field_are_a_question():
    columns = propose(["Sale Price", "Selling Price", "Address"], [["1", "2", "1 A St"]], ESCROWS).columns
    assert [column.confidence for column in columns[:2]] == [Confidence.SUGGESTED] * 2
    assert columns[0].candidates == ("purchasePriceCents",)


def test_columns_that_say_the_same_are_no_question():
    assert targets(["Sale Price", "Selling Price"], ESCROWS, ["1", "1"], ["", "2"]) == ["purchasePriceCents", None]


def test_the_more_exact_name_of_two_counts():
    assert targets(["Price", "List Price"], LISTINGS, ["1", "2"]) == [None, "listPriceCents"]
    assert targets(["mls", "mls_id"], LISTINGS, ["BACA", "2026021"]) == [None, "mlsNumber"]


def test_a_column_without_any_value_gives_way_to_one_that_has_some():
    assert targets(["List Price", "Current Price"], LISTINGS, ["", "5"]) == [None, "listPriceCents"]


def test_a_header_whose_values_say_something_else_is_only_suggested():
    [column] = propose(["Closing Date"], [["next week"], ["soon"], ["2026-01-02"]], ESCROWS).columns
    assert (column.target, column.candidates) == (None, ("closeOfEscrowDate",))
    assert targets(["MLS"], LISTINGS, ["SACM"], ["BACA"]) == [None]


def test_a_usual_word_with_words_of_something_else_is_only_suggested():
    assert targets(["Type"], CLIENTS, ["Mobile"], ["Home"]) == [None]
    assert targets(["Type"], CLIENTS, ["Buyer"], ["Vendor"]) == ["clientType"]
    assert targets(["Lead Source"], LEADS, ["Trulia"], ["Sign call"]) == ["source"], "this can mean nothing else"


def test_values_of_percent_and_of_money_tell_what_a_commission_is():
    assert targets(["Commission"], ESCROWS, ["2.5%"], ["3%"]) == ["commissionPercent"]
    assert targets(["Commission"], ESCROWS, ["$13,500"], ["$9,000"]) == ["commissionTotalCents"]
    assert targets(["Commission"], ESCROWS, ["13500"], ["9000"]) == ["commissionTotalCents"]
    [column] = propose(["Commission"], [["3"], ["5"]], ESCROWS).columns
    assert (column.target, {*column.candidates}) == (None, {"commissionPercent", "commissionTotalCents"})


def test_a_file_without_headers_has_suggestions_by_its_values():
    rows = [["Ana Ruiz", "ana@example.com", "(661) 555-0142", "Yes"], ["Greg Olsen", "g@x.org", "661-555-0190", "No"]]
    columns = propose(["", "", "", ""], rows, LEADS).columns
    assert [column.candidates for column in columns] == [("fullName",), ("email",), ("phone",), ()]
    assert {column.target for column in columns} == {None}


def test_samples_are_the_first_values_that_are_not_empty():
    [column] = propose(["Notes"], [[""], ["N/A"], ["a"], ["a"], ["b"], ["c"], ["d"]], CLIENTS).columns
    assert column.samples == ("a", "b", "c")


def test_repeated_headers_of_numbers_are_all_kept_and_of_anything_else_are_a_question():
    assert targets(["Phone", "Phone"], LEADS, ["4155550123", "4155550124"]) == ["phone", "phone"]
    assert targets(["Budget", "Budget"], LEADS, ["1", "2"]) == [None, None]


def test_an_address_is_one_persons_never_a_street_here_and_a_city_there():
    columns = ["Home Street", "Home City", "Business Street", "Business City"]
    assert targets(columns, CLIENTS, ["", "Davis", "1 A St", "Fresno"]) == ["address", "city", None, None]
    assert targets(columns, CLIENTS, ["", "", "1 A St", "Fresno"]) == [None, None, "address", "city"]


def test_required_fields_that_no_column_fills_are_named():
    assert propose(["City", "State"], [], LISTINGS).missing == ("address", "zip")
    assert propose(["Full Address"], [["1 A St, Davis, CA 95616"]], LISTINGS).missing == ()


def test_a_readable_number_is_given_by_the_server():
    assert "escrowNumber" not in targets_of(ESCROWS)
    assert targets(["Escrow Number"], ESCROWS, ["A-1"]) == [None]


def test_who_sees_a_record_is_decided_here():
    assert targets(["Visibility", "Archived"], CLIENTS, ["private", "yes"]) == [None, None]
    assert targets_of(CLIENTS)["archived"].kind is Kind.BOOLEAN
