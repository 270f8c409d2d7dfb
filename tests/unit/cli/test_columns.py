from datetime import date

import pytest

from cli.columns import Unreadable, calendar_date, cents, map_columns, number, whole_number, yes_or_no
from openhouse.crm.modules.escrows import ESCROWS

SALES = ["street", "city", "zip", "state", "beds", "sale_date", "price", "latitude"]


def fields(names, chosen=None):
    return {column.name: column.field for column in map_columns(names, ESCROWS, chosen or {}).columns}


def test_columns_find_their_fields_by_name_and_by_usual_names():
    mapped = map_columns(SALES, ESCROWS, {})
    assert {column.name: column.field for column in mapped.columns} == {
        "street": "propertyAddress",
        "city": "city",
        "zip": "zip",
        "state": "state",
        "sale_date": "closeOfEscrowDate",
        "price": "purchasePriceCents",
    }
    assert mapped.ignored == ("beds", "latitude")


@pytest.mark.parametrize("name", ["buyerName", "buyer_name", "Buyer Name", "BUYERNAME", "buyer"])
def test_case_spaces_and_underscores_do_not_matter(name):
    assert fields([name]) == {name: "buyerName"}


def test_other_columns_can_be_named():
    assert fields(["who sells", "zip"], {"Who Sells": "seller_name"}) == {"who sells": "sellerName", "zip": "zip"}


@pytest.mark.parametrize(
    ("names", "chosen", "message"),
    [
        (["street"], {"road": "notes"}, "there is no column road; there are street"),
        (["street"], {"street": "boat"}, "escrows have no field boat"),
        (["street"], {"street": "escrowNumber"}, "escrows have no field escrowNumber"),
        (["street"], {"street": "checklists"}, "escrows have no field checklists"),
        (["street", "address"], {}, "the columns street and address are both propertyAddress"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(names, chosen, message):
    with pytest.raises(ValueError, match=message):
        map_columns(names, ESCROWS, chosen)


def test_a_row_becomes_a_record_without_its_empty_cells():
    row = dict(
        zip(SALES, ["1 A St", "", "95616", " CA ", "3", "Wed May 21 00:00:00 EDT 2008", "59222", ""], strict=True)
    )
    assert map_columns(SALES, ESCROWS, {}).document(row) == {
        "propertyAddress": "1 A St",
        "zip": "95616",
        "state": "CA",
        "closeOfEscrowDate": "2008-05-21",
        "purchasePriceCents": 5_922_200,
    }


def test_cents_are_taken_as_they_are_only_from_a_column_that_says_cents():
    for name, value in (("purchase_price_cents", 100), ("purchase_price", 10_000), ("price", 10_000), ("cost", 10_000)):
        mapped = map_columns([name], ESCROWS, {"cost": "purchasePriceCents"} if name == "cost" else {})
        assert mapped.document({name: "100"}) == {"purchasePriceCents": value}


def test_every_kind_of_field_is_read_as_its_kind():
    names = ["commission_percent", "client_ids", "archived", "status", "opened_date"]
    row = dict(zip(names, ["2.5%", "c1; c2", "Yes", "Opened", "5/3/2008"], strict=True))
    assert map_columns(names, ESCROWS, {}).document(row) == {
        "commissionPercent": 2.5,
        "clientIds": {"c1": True, "c2": True},
        "archived": True,
        "status": "opened",
        "openedDate": "2008-05-03",
    }


def test_an_unreadable_cell_names_its_column_and_what_it_should_be():
    mapped = map_columns(["status", "price"], ESCROWS, {})
    with pytest.raises(Unreadable, match="status: 'sold' is not one of opened, pending, closed, cancelled"):
        mapped.document({"status": "sold", "price": ""})
    with pytest.raises(Unreadable, match="price: 'cheap' is not an amount in dollars"):
        mapped.document({"status": "", "price": "cheap"})


@pytest.mark.parametrize(
    ("text", "amount"),
    [("59222", 5_922_200), ("0.29", 29), ("1.1", 110), ("$1,234,567.89", 123_456_789), ("1e3", 100_000), ("-5", -500)],
)
def test_dollars_become_cents_exactly(text, amount):
    assert cents(text) == amount


@pytest.mark.parametrize(
    "text", ["12.345", "abc", "NaN", "Infinity", "1e999999999", "0.010000000000000000000000000001"]
)
def test_what_is_no_whole_number_of_cents_is_refused(text):
    with pytest.raises(Unreadable):
        cents(text)


@pytest.mark.parametrize(
    "text",
    [
        "2008-05-03",
        "5/3/2008",
        "05/03/08",
        "Sat May 03 00:00:00 EDT 2008",
        "Sat May  3 23:59:59 2008",
        "May 3, 2008",
        "3 May 2008",
    ],
)
def test_dates_are_read_in_the_usual_forms_and_no_time_zone_moves_the_day(text):
    assert calendar_date(text) == date(2008, 5, 3).isoformat()


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (calendar_date, "2008-02-30"),
        (calendar_date, "soon"),
        (whole_number, "1.5"),
        (yes_or_no, "maybe"),
        (number, "2,x"),
    ],
)
def test_what_is_not_of_its_kind_is_refused(read, text):
    with pytest.raises(Unreadable):
        read(text)
