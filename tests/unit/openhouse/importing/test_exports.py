"""Files as other programs export them; what is in them is made up."""

from pathlib import Path

import pytest

from openhouse.importing.tables import read_table

FILES = Path(__file__).parent / "files"


def read(name):
    return read_table((FILES / name).read_bytes(), name)


@pytest.mark.parametrize(
    ("name", "columns", "rows"),
    [
        ("dotloop_loops.csv", 42, 5),
        ("excel_semicolons.csv", 9, 5),
        ("follow_up_boss_people.csv", 82, 6),
        ("google_contacts.csv", 38, 6),
        ("google_contacts_before_2024.csv", 46, 5),
        ("homeharvest.csv", 43, 5),
        ("iphone_contacts.vcf", 27, 5),
        ("kvcore_boldtrail_contacts.csv", 79, 6),
        ("mls_matrix_export.txt", 32, 5),
        ("outlook_contacts.csv", 92, 5),
        ("outlook_vcard_21.vcf", 18, 3),
        ("redfin_search.csv", 27, 5),
        ("reso_property.csv", 49, 6),
        ("skyslope_masterdata.xlsx", 40, 6),
        ("top_producer_contacts.csv", 38, 5),
        ("zillow_homes.csv", 24, 6),
        ("zillow_premier_agent_contacts.csv", 17, 5),
    ],
)
def test_every_row_of_an_export_is_read_under_its_header(name, columns, rows):
    table = read(name)
    found = list(table.rows())
    assert (len(table.columns), table.header, len(found)) == (columns, True, rows)
    assert [row.fault for row in found] == [""] * rows
    assert {len(row.cells) for row in found} == {columns}


def test_each_file_is_tried():
    tried = {mark.args[1][index][0] for mark in test_every_row_of_an_export_is_read_under_its_header.pytestmark
             for index in range(len(mark.args[1]))}  # fmt: skip
    assert tried | {"open_house_sign_in.csv"} == {path.name for path in FILES.iterdir()}


def column(table, name):
    index = table.columns.index(name)
    return [row.cells[index] for row in table.rows()]


def test_accents_survive_every_encoding():
    assert "Núñez" in column(read("outlook_contacts.csv"), "Last Name")
    assert "Núñez" in column(read("google_contacts_before_2024.csv"), "Family Name")
    assert "Łukasz" in column(read("excel_semicolons.csv"), "Vorname")
    assert "Côté" in column(read("top_producer_contacts.csv"), "Primary Last Name")
    assert "Peña" in column(read("outlook_vcard_21.vcf"), "Last Name")


def test_a_cell_keeps_its_line_breaks_and_a_row_the_line_it_begins_in():
    table = read("google_contacts.csv")
    assert column(table, "Notes")[1] == "Speaks Spanish.\nCall after 5 pm."
    assert [row.line for row in table.rows()] == [2, 5, 7, 8, 9, 10]


def test_banner_rows_above_a_header_are_left_out_and_told():
    table = read("skyslope_masterdata.xlsx")
    assert table.columns[:2] == ("Transaction Id", "Listing Id")
    assert [row.line for row in table.rows()] == [6, 7, 8, 9, 10, 13]
    assert 'Of the workbook\'s 2 sheets, "MasterData" was read.' in table.notes
    assert 'Line 1 stands above the table and was left out: "SkySlope MasterData Report".' in table.notes


def test_what_a_workbook_shows_of_a_number_is_what_is_read():
    row = dict(zip((table := read("skyslope_masterdata.xlsx")).columns, list(table.rows())[4].cells, strict=True))
    assert (row["Zip Code"], row["Commission %"], row["Actual Closing Date"]) == ("02108", "4%", "2026-03-19")
    assert (row["List Price"], row["Reviewed"], row["MLS Number"]) == ("2450000", "TRUE", "73210001")


def test_a_notice_below_the_header_is_no_row():
    table = read("redfin_search.csv")
    assert [row.line for row in table.rows()] == [3, 4, 5, 6, 7]
    assert any("Line 2 is a notice" in note for note in table.notes)


def test_a_list_without_a_header_keeps_its_first_row():
    table = read("open_house_sign_in.csv")
    assert not table.header
    assert table.columns == ("Column 1", "Column 2", "Column 3", "Column 4")
    assert [row.cells[0] for row in table.rows()][:2] == ["Ana Ruiz", "Greg Olsen"]


def test_cards_of_a_telephone_have_all_their_numbers_addresses_and_labels():
    ana, jose, title, ben, mom = (
        {name: cell for name, cell in zip(table.columns, row.cells, strict=True) if cell}
        for table in [read("iphone_contacts.vcf")]
        for row in table.rows()
    )
    assert (ana["Phone 1"], ana["Phone 1 - Label"]) == ("(661) 555-0142", "Mobile")
    assert (ana["Phone 2"], ana["Phone 2 - Label"]) == ("661-555-0143", "Work")
    assert (ana["Street"], ana["City"], ana["State"], ana["ZIP"]) == ("123 Main St", "Bakersfield", "CA", "93301")
    assert ana["Notes"] == "Wants a garden, two dogs.\nPre-approved to $550k"
    assert ana["Tags"] == "Buyers, Zillow"
    assert (jose["E-mail 2"], jose["E-mail 2 - Label"]) == ("jlnunez@example.com", "Private")
    assert (jose["Organization"], jose["Birthday"]) == ("Núñez & Sons, Inc.", "--07-04")
    assert title == {"Organization": "Kern Title Company", "Phone 1": "(661) 555-0125", "Phone 1 - Label": "Main"}
    assert ben["Street"] == "14 Fig Garden Dr\nRear house"
    assert mom["First Name"] == "Mom"
