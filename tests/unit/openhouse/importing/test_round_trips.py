"""Whatever a program writes as CSV is read back the same; whatever bytes there are, they are read or refused."""

import csv
import io
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openhouse.importing.tables import Unreadable, read_table
from tests.unit.openhouse.importing.test_exports import FILES

NAMES = ["Name", "Email", "Phone", "City", "Notes", "Price", "Closing Date", "Tags"]

# A cell is any text but for what has no meaning (NUL, halves of characters); a mark of order at a file's start is none.
CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t\x19\x85", exclude_characters="\ufeff"),
    max_size=20,
)
LATIN = st.text(
    st.characters(max_codepoint=0xFF, exclude_categories=["Cc"]) | st.sampled_from("\n\r\t\"',;|\\"), max_size=20
)
PLAIN = st.text(st.characters(max_codepoint=0x7E, min_codepoint=32), max_size=20)


def tables(cells):
    """A header of some usual names, and rows that have something in their first two cells."""
    return st.integers(2, len(NAMES)).flatmap(
        lambda width: st.lists(
            st.tuples(*[cells.map(lambda cell: f"x{cell}")] * 2, *[cells] * (width - 2)), min_size=1, max_size=6
        ).map(lambda rows: [tuple(NAMES[:width]), *rows])
    )


def written(rows, encoding="utf-8", **dialect):
    file = io.StringIO(newline="")
    csv.writer(file, **dialect).writerows(rows)
    return file.getvalue().encode(encoding)


def read(data):
    table = read_table(data, "list.csv")
    found = list(table.rows())
    assert [row.fault for row in found] == [""] * len(found)
    return [table.columns, *(row.cells for row in found)]


@given(
    tables(CELLS),
    st.sampled_from([",", ";", "\t", "|", "^", "~"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
)
@settings(max_examples=200)
def test_any_table_in_any_dialect_and_encoding_is_read_back_the_same(rows, delimiter, quoting, ends, encoding):
    data = written(rows, encoding, delimiter=delimiter, quoting=quoting, lineterminator=ends)
    assert read(data) == rows


@given(tables(LATIN), st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["cp1252", "latin-1"]))
def test_any_table_of_western_letters_is_read_back_the_same(rows, delimiter, encoding):
    try:
        data = written(rows, encoding, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    except UnicodeEncodeError:
        return
    expected = rows
    if encoding == "latin-1":  # of which Windows-1252 has the signs 80 to 9F for other characters
        expected = [tuple(cell.encode("latin-1").decode("cp1252", "replace") for cell in cells) for cells in rows]
    try:
        data.decode()
    except UnicodeDecodeError:
        if not re.search(rb"[\xc2-\xf4][\x80-\xbf]", data):  # where UTF-8 is among it, it may be that, but damaged
            assert read(data) == expected
    else:
        assert read(data) == [tuple(cell.encode(encoding).decode() for cell in cells) for cells in rows]


@given(tables(PLAIN), st.sampled_from([",", ";", "\t", "|"]))
def test_any_table_with_backslashes_for_quotes_is_read_back_the_same(rows, delimiter):
    rows = [*rows, ("x\\", 'x"y"' + delimiter, *[""] * (len(rows[0]) - 2))]  # without which nothing shows the dialect
    data = written(rows, delimiter=delimiter, quoting=csv.QUOTE_ALL, doublequote=False, escapechar="\\")
    assert read(data) == rows


@given(tables(CELLS), st.data())
def test_lines_count_as_an_editor_counts_them(rows, data):
    ends = data.draw(st.sampled_from(["\r\n", "\n"]))
    text = written(rows, lineterminator=ends, quoting=csv.QUOTE_ALL).decode()
    for row in read_table(text.encode(), "list.csv").rows():
        begins = io.StringIO(text, newline=None).readlines()[row.line - 1]
        assert begins.startswith('"x')


def are_read_or_refused(data):
    try:
        table = read_table(data, "list.csv")
        found = list(table.rows())
    except Unreadable:
        return
    assert table.columns
    assert len(set(table.columns)) == len(table.columns)
    assert all(len(row.cells) == len(table.columns) for row in found)
    assert [row.line for row in found] == sorted({row.line for row in found})


@pytest.mark.parametrize(
    "header",
    [b"", b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"BEGIN:VCARD\n", b"Name,Email\n", b"sep=;\n", b'"'],
    ids=repr,
)
@given(data=st.binary(max_size=300))
@example(data=b"END:VCARD")
@settings(max_examples=50)
def test_any_bytes_are_read_or_refused(header, data):
    are_read_or_refused(header + data)


@pytest.mark.parametrize("name", ["skyslope_masterdata.xlsx", "iphone_contacts.vcf", "mls_matrix_export.txt"])
@given(data=st.data())
@settings(max_examples=50)
def test_a_file_with_any_bytes_changed_is_read_or_refused(name, data):
    found = bytearray((FILES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        found[data.draw(st.integers(0, len(found) - 1))] = data.draw(st.integers(0, 255))
    are_read_or_refused(bytes(found[: data.draw(st.integers(1, len(found)))]))


@given(text=st.text(st.sampled_from("abc1,;\t|\"\\\n\r' :.@"), max_size=120))
@settings(max_examples=200)
def test_any_text_of_delimiters_quotes_and_breaks_is_read_or_refused(text):
    are_read_or_refused(text.encode())
