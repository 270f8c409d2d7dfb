import io
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from openhouse.importing.number_formats import number_text
from openhouse.importing.tables import Row, Unreadable, read_table
from openhouse.importing.workbook_parts import Workbook
from tests.unit.openhouse.importing.test_exports import FILES
from tests.unit.openhouse.importing.workbooks import MAIN, cell, number, row, sheet, table_sheet, text, workbook

PEOPLE = [["Name", "City", "Email"], ["Ana", "Fresno", "ana@example.com"], ["Ben", "Delano", "ben@example.com"]]


def read(data):
    return read_table(data, "list.xlsx")


def rows(*xml, **options):
    header = row(1, [text("Name"), text("Value"), text("Notes")])
    return list(read(workbook({"S": sheet(header, *xml)}, **options)).rows())


def value(content, **options):
    """Of one cell in the second column."""
    (found,) = rows(row(2, [text("Ana"), content]), **options)
    return found.cells[1]


def test_texts_are_read_in_the_rows_they_have_in_excel():
    table = read(workbook({"People": table_sheet(PEOPLE)}))
    assert table.columns == ("Name", "City", "Email")
    assert list(table.rows()) == [Row(2, tuple(PEOPLE[1])), Row(3, tuple(PEOPLE[2]))]
    assert table.notes == ()


@pytest.mark.parametrize(
    ("stored", "code", "shown"),
    [
        ("540000", "General", "540000"),
        ("540000", "$#,##0.00", "540000"),
        ("5.4E5", "General", "540000"),
        ("0.1", "General", "0.1"),
        ("0.30000000000000004", "General", "0.3"),
        ("2.5000000000000001E-2", "0.00%", "2.5%"),
        ("0.0254567", "0%", "2.54567%"),
        ("2108", "00000", "02108"),
        ("21081234", "00000\\-0000", "02108-1234"),
        ("2108", "[<=99999]00000;00000\\-0000", "02108"),
        ("21081234", "[<=99999]00000;00000\\-0000", "02108-1234"),
        ("12345678901234567890", "0", "12345678901234567890"),
        ("35.37329123456789", "General", "35.37329123456789"),
        ("-500", "#,##0_);[Red](#,##0)", "-500"),
        ("46120", "mm/dd/yyyy", "2026-04-08"),
        ("46120", "[$-409]d\\-mmm\\-yy;@", "2026-04-08"),
        ("46120.5", "m/d/yy h:mm", "2026-04-08T12:00:00"),
        ("0.5", "h:mm AM/PM", "12:00:00"),
        ("1.5", "[h]:mm", "36:00:00"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("61", "yyyy-mm-dd", "1900-03-01"),
        ("-1", "yyyy-mm-dd", "-1"),
        ("1E+300", "yyyy-mm-dd", None),
        ("5", '"day" 0', "5"),
    ],
)  # fmt: skip
def test_a_number_becomes_the_text_that_its_format_means_with_all_its_digits(stored, code, shown):
    found = value(number(stored, 1), formats=[code.replace('"', "&quot;")])
    assert found == shown if shown else found.startswith("1000000")


def test_days_are_counted_from_1904_where_the_workbook_says_so():
    assert value(number(44658, 1), formats=["yyyy-mm-dd"], properties='date1904="1"') == "2026-04-08"


def test_booleans_dates_as_text_and_results_of_formulas_are_texts():
    assert value('t="b"><v>1</v>') == "TRUE"
    assert value('t="d"><v>2026-04-08T00:00:00</v>') == "2026-04-08"
    assert value('t="str"><f>A1&amp;B1</f><v>a &amp; b</v>') == "a & b"


def test_an_error_is_an_empty_cell_and_told():
    table = read(workbook({"S": sheet(row(1, [text("Name"), text("City")]), row(2, [text("A"), 't="e"><v>#N/A</v>']))}))
    assert [found.cells for found in table.rows()] == [("A", "")]
    assert table.notes == ("Cells with an error of Excel (such as #N/A) were taken as empty.",)


def test_a_formula_without_a_result_is_told():
    table = read(workbook({"S": sheet(row(1, [text("Name"), text("City")]), row(2, [text("A"), "><f>A1</f>"]))}))
    assert [found.cells for found in table.rows()] == [("A", "")]
    assert "Some formulas have no result" in table.notes[0]


def test_shared_texts_are_put_together_from_their_runs_without_how_they_are_read_aloud():
    strings = (
        "<si><t>Name</t></si><si><t>Notes</t></si>"
        "<si><r><t>José </t></r><r><rPr/><t xml:space='preserve'>Núñez</t></r></si>"
        "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si><si><t>one_x000A_two_x005F_x</t></si>"
    )
    shared = [f't="s"><v>{n}</v>' for n in range(5)]
    data = workbook(
        {"S": sheet(row(1, shared[:2]), row(2, shared[2:4]), row(3, [shared[2], shared[4]]))}, strings=strings
    )
    assert [found.cells for found in read(data).rows()] == [("José Núñez", "東京"), ("José Núñez", "one\ntwo_x")]


def test_a_text_that_is_not_in_the_list_of_texts_makes_the_workbook_damaged():
    with pytest.raises(Unreadable, match="damaged"):
        rows(row(2, [text("Ana"), 't="s"><v>99</v>']), strings="")


def test_empty_rows_and_cells_without_places_are_counted():
    found = rows("<row/>", f"<row>{cell(text('Ana'))}{cell(number(5))}</row>", row(9, [text("Ben"), None, text("x")]))
    assert found == [Row(3, ("Ana", "5", "")), Row(9, ("Ben", "", "x"))]


def test_elements_may_have_a_prefix():
    xml = table_sheet(PEOPLE).replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    for name in ("worksheet", "sheetData", "row", "c", "is", "t"):
        xml = (
            xml.replace(f"<{name} ", f"<x:{name} ")
            .replace(f"<{name}>", f"<x:{name}>")
            .replace(f"</{name}>", f"</x:{name}>")
        )
    assert len(list(read(workbook({"S": xml})).rows())) == 2


def test_the_first_sheet_with_a_table_is_read_and_told():
    sheets = {
        "Cover": table_sheet([["Our contacts"]]),
        "Empty": sheet(),
        "People": table_sheet(PEOPLE),
        "More": table_sheet(PEOPLE),
    }
    table = read(workbook(sheets))
    assert table.columns == ("Name", "City", "Email")
    assert table.notes == ('Of the workbook\'s 4 sheets, "People" was read.',)


def test_a_hidden_sheet_is_read_only_if_there_is_no_other():
    sheets = {"Lists": table_sheet([["a", "b"], ["c", "d"]]), "People": table_sheet(PEOPLE)}
    assert read(workbook(sheets, states={"Lists": "veryHidden"})).columns[0] == "Name"
    assert read(workbook({"People": table_sheet(PEOPLE)}, states={"People": "hidden"})).columns[0] == "Name"


def test_a_cover_of_pairs_is_not_the_table_if_another_sheet_names_its_columns():
    cover = table_sheet([["Prepared by", "Jayden"], ["Office", "Bakersfield"], ["Pages", "2"]])
    assert read(workbook({"Cover": cover, "People": table_sheet(PEOPLE)})).columns == ("Name", "City", "Email")
    assert list(read(workbook({"Cover": cover, "Empty": sheet()})).rows())[-1].cells == ("Pages", "2")


def test_the_summary_that_apples_numbers_adds_is_not_the_table():
    summary = table_sheet([["Sheet Name", "Table Name"], ["Sheet 1", "Table 1"]])
    assert read(workbook({"Export Summary": summary, "People": table_sheet(PEOPLE)})).columns[0] == "Name"


def test_a_list_of_one_column_is_a_table():
    assert read(workbook({"S": table_sheet([["Email"], ["a@x.example"], ["b@x.example"]])})).columns == ("Email",)


def test_merged_titles_above_the_header_are_left_out():
    merged = '<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'
    xml = sheet(
        row(1, [text("Contacts of 2026")]),
        *(row(n, map(text, values)) for n, values in enumerate(PEOPLE, 3)),
        after=merged,
    )
    table = read(workbook({"S": xml}))
    assert [found.line for found in table.rows()] == [4, 5]
    assert table.notes == ('Line 1 stands above the table and was left out: "Contacts of 2026".',)


def test_a_dimension_that_lies_changes_nothing():
    xml = table_sheet(PEOPLE).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    assert len(list(read(workbook({"S": xml})).rows())) == 2
    xml = table_sheet(PEOPLE).replace("<sheetData>", '<dimension ref="A1"/><sheetData>')
    assert [len(found.cells) for found in read(workbook({"S": xml})).rows()] == [3, 3]


# What is meant to harm ------------------------------------------------------------------------------------------------


def peak(act):
    """Bytes of memory that are taken at once."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_two_cells_in_the_farthest_corners_are_two_cells():
    far = f'<row r="1048576">{cell(text("far"), "XFD1048576")}</row>'
    data = workbook({"S": sheet(*(row(n, map(text, values)) for n, values in enumerate(PEOPLE, 1)), far)})
    assert len(data) < 3_000
    found = list(read(data).rows())
    assert found[-1] == Row(1_048_576, ("", "", ""), "it has a cell far to the right of the table")
    assert peak(lambda: list(read(data).rows())) < 1_000_000


def test_what_unpacks_to_more_than_we_read_is_refused_before_it_is_unpacked():
    with pytest.raises(Unreadable, match="too large"):
        read(claiming(800_000_000))


def test_what_unpacks_to_more_than_it_claims_is_cut_off_there():
    with pytest.raises(Unreadable, match="damaged"):
        list(read(claiming(300)).rows())


def test_a_part_by_another_name_than_those_that_are_counted_is_never_unpacked():
    hidden = changed(workbook({"S": table_sheet(PEOPLE)}), {b"sheet1.xml": b"sheet1.bin"})
    with pytest.raises(Unreadable, match="none of its sheets has anything in it"):
        read(hidden)


def test_an_element_that_a_parser_would_have_to_hold_for_long_is_refused():
    data = workbook({"S": sheet(row(1, [text("Name"), text("City")]), before=f'<x y="{"z" * 40_000_000}"/>')})
    with pytest.raises(Unreadable, match="too large"):
        list(read(data).rows())


def test_more_styles_than_excel_makes_are_refused():
    data = changed(
        workbook({"S": table_sheet(PEOPLE)}), {b"</cellXfs>": b'<xf numFmtId="9"/>' * 300_000 + b"</cellXfs>"}
    )
    with pytest.raises(Unreadable, match="too large"):
        read(data)


@pytest.mark.parametrize(
    ("stored", "code"), [("1", "0" * 100_000), ("1e999990", "0%"), ("1e99", "[" * 100_000), ("inf", "0%")]
)
def test_no_format_makes_a_long_text_of_a_short_number(stored, code):
    assert len(value(number(stored, 1), formats=[code])) <= 102


def changed(data, replaced):
    """A workbook with other names and content of its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            renamed, content = name.encode(), before.read(name)
            for old, new in replaced.items():
                renamed, content = renamed.replace(old, new), content.replace(old, new)
            after.writestr(renamed.decode(), content)
    return made.getvalue()


def claiming(size):
    """A workbook whose directory says so of its sheet."""
    data = bytearray(workbook({"S": table_sheet(PEOPLE * 20)}))
    at = data.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24  # its entry in the directory, and the size in there
    data[at : at + 4] = size.to_bytes(4, "little")
    return bytes(data)


def test_a_row_of_very_many_cells_is_not_kept():
    data = workbook({"S": sheet(row(1, [text("Name"), text("City")]), f"<row>{'<c><v>1</v></c>' * 60_000}</row>")})
    assert peak(lambda: list(read(data).rows())) < 1_200_000


def test_a_text_of_many_megabytes_is_no_cell():
    with pytest.raises(Unreadable, match="damaged"):
        rows(row(2, [text("x" * 2_000_000)]))


def test_a_list_of_more_text_than_is_held_is_refused():
    data = workbook({"S": table_sheet(PEOPLE)}, strings="<si><t>0123456789</t></si>" * 100_000)
    assert len(Workbook(io.BytesIO(data)).texts) == 100_000
    with pytest.raises(Unreadable, match="too large"):
        _ = Workbook(io.BytesIO(data), most_texts=5_000_000).texts


def test_entities_are_refused():
    entity = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    with pytest.raises(Unreadable, match="damaged"):
        read(workbook({"S": entity + table_sheet(PEOPLE).removeprefix('<?xml version="1.0"?>')}))


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<worksheet",
        sheet(row(1, [text("a")])).replace('r="1"', 'r="x"'),
        sheet('<row r="9999999999"><c><v>1</v></c></row>'),
        sheet('<row r="1"><c r="ABCDE1"><v>1</v></c></row>'),
        sheet('<row r="1"><c r="1"><v>1</v></c></row>'),
        sheet('<row r="1"><c t="s"><v>one</v></c></row>'),
    ],
)
def test_a_damaged_sheet_is_refused_in_plain_words(xml):
    with pytest.raises(Unreadable, match=r"list.xlsx: The workbook is (damaged|empty)"):
        list(read(workbook({"S": xml}, strings="")).rows())


def test_a_damaged_archive_is_refused_in_plain_words():
    data = workbook({"S": table_sheet(PEOPLE)})
    with pytest.raises(Unreadable, match="damaged"):
        read(data[: len(data) // 2])
    stored = bytearray(workbook({"S": table_sheet(PEOPLE)}, compression=zipfile.ZIP_STORED))
    stored[stored.index(b"Fresno")] = 0x78
    with pytest.raises(Unreadable, match="damaged"):
        list(read(bytes(stored)).rows())


def test_an_empty_workbook_is_refused():
    with pytest.raises(Unreadable, match="none of its sheets has anything in it"):
        read(workbook({"A": sheet(), "B": sheet()}))


# Beside another reader ------------------------------------------------------------------------------------------------


def as_calamine_has_it(found):
    """In our words: it knows neither percentages nor zeros in front, so it is compared without these."""
    match found:
        case bool():
            return str(found).upper()
        case float():
            return number_text(repr(found)) if found else "0"
        case datetime():
            return found.isoformat()
        case date():
            return found.isoformat()
    return found


VALUES = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc"]), max_size=12).map(
        text
    ),
    st.integers(-(10**9), 10**9).map(number),
    st.floats(-1e6, 1e6).map(lambda value: round(value, 4)).map(number),
    st.integers(61, 80_000).map(lambda value: number(value, 1)),
    st.booleans().map(lambda value: f't="b"><v>{int(value)}</v>'),
    st.none(),
)


@given(st.lists(st.lists(VALUES, min_size=2, max_size=5), min_size=1, max_size=6))
def test_what_is_read_is_what_calamine_reads(values):
    data = workbook({"S": sheet(*(row(n, cells) for n, cells in enumerate(values, 1)))}, formats=["yyyy-mm-dd"])
    sheet_of_calamine = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    theirs = {
        line: [as_calamine_has_it(found) for found in cells]
        for line, cells in enumerate(sheet_of_calamine.to_python(skip_empty_area=False), 1)
        if any(str(found).strip() for found in cells)
    }
    if not theirs:
        return
    table = read_table(data, "x", header=False)
    ours = {found.line: found.cells for found in table.rows()}
    width = len(table.columns)
    for line, cells in ours.items():
        assert list(cells) == (theirs[line] + [""] * width)[:width]


def test_a_workbook_of_excels_own_making_is_read_as_calamine_reads_it():
    path = FILES / "skyslope_masterdata.xlsx"
    theirs = CalamineWorkbook.from_path(path).get_sheet_by_name("MasterData").to_python(skip_empty_area=False)
    for found in read(path.read_bytes()).rows():
        for ours, other in zip(found.cells, map(as_calamine_has_it, theirs[found.line - 1]), strict=True):
            assert ours == other or ours.endswith("%") or ours == other.zfill(5)
