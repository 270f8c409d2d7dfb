from __future__ import annotations

from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.importing.linked import propose_linked
from openhouse.importing.reader import Reader
from tests.layouts import layouts

SKYSLOPE = next(layout for layout in layouts() if layout.name == "skyslope")


def read_linked(columns, rows):
    found = []
    for linked in propose_linked(columns, rows, ESCROWS):
        mapping = linked.proposal.decide(None, linked.role.constants)
        reader = Reader.of(mapping, linked.role.module, this_year=2026)
        found.append((linked.role.name or linked.role.module.noun, [reader.read(row) for row in rows]))
    return dict(found)


def test_an_export_of_transactions_tells_of_buyers_sellers_and_listings():
    found = read_linked(SKYSLOPE.columns, SKYSLOPE.rows)
    assert found["buyer"][0].document == {
        "firstName": "Ana",
        "lastName": "Ruiz",
        "email": "ana.ruiz@example.com",
        "phone": "+16615550142",
        "clientType": "buyer",
    }
    assert found["buyer"][2].document["company"] == "Kern Valley Holdings LLC"
    assert found["seller"][1].document["phone"] == "+15595550108"
    assert found["seller"][3].document["firstName"] == "Curtis"
    assert found["listing"][0].document["mlsNumber"] == "202602114"
    assert found["listing"][0].document["status"] == "pending"


def test_a_row_without_a_buyer_makes_none():
    assert read_linked(SKYSLOPE.columns, SKYSLOPE.rows)["buyer"][3].rejected is not None


def test_agents_are_nobodys_buyers_and_an_address_alone_is_no_listing():
    rows = [["1 A St", "Ann", "Bo"]]
    assert list(read_linked(["Property Address", "Buyer Agent", "Buyer"], rows)) == ["buyer"]
    assert read_linked(["Property Address", "Buyer's Agent", "Lender"], rows) == {}


def test_other_modules_have_no_such_records():
    assert propose_linked(["Name", "Email"], [], LEADS) == ()
