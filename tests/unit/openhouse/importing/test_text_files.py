import io
from itertools import islice

import pytest

from openhouse.importing.tables import Row, Unreadable, read_table

HEADER = "First Name,Last Name,Email\n"
ANA = "Ana,Ruiz,ana@example.com\n"
BEN = "Ben,Carter,ben@example.com\n"
ANA_CELLS = ("Ana", "Ruiz", "ana@example.com")
BEN_CELLS = ("Ben", "Carter", "ben@example.com")


def read(text, encoding="utf-8", **options):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return read_table(data, "list.csv", **options)


def rows(text, encoding="utf-8"):
    return list(read(text, encoding).rows())


def cells(text, encoding="utf-8"):
    return [row.cells for row in rows(text, encoding)]


# Delimiters and quotes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", ":", "\x1f", "¦"], ids=repr)
def test_any_delimiter_is_found(delimiter):
    text = (HEADER + ANA + BEN).replace(",", delimiter)
    table = read(text)
    assert table.columns == ("First Name", "Last Name", "Email")
    assert [row.cells for row in table.rows()] == [ANA_CELLS, BEN_CELLS]


def test_commas_in_amounts_do_not_make_a_file_with_semicolons_one_with_commas():
    text = "Name;Preis;PLZ\nAna;1.049.000,00;10115\nBen;540,50;8020\nCem;12,5;1010\n"
    assert cells(text)[0] == ("Ana", "1.049.000,00", "10115")


def test_commas_in_addresses_do_not_win_over_bars():
    text = "Ana|1 Main St, Bakersfield, CA|6615550142\nBen|2 Elm Ct, Shafter, CA|6615550143\n"
    assert cells(text)[0] == ("Ana", "1 Main St, Bakersfield, CA", "6615550142")


@pytest.mark.parametrize("first", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n'])
def test_the_line_of_excel_that_names_the_delimiter_is_believed(first):
    table = read(first + "a,b;c,d\n1,2;3,4\n5,6;7,8\n", header=True)
    assert table.columns == ("a,b", "c,d")
    assert next(table.rows()) == Row(3, ("1,2", "3,4"))


def test_quotes_hold_delimiters_quotes_and_line_breaks():
    text = HEADER + '"Ruiz, Ana","The ""Boss""","two\r\nlines"\n' + BEN
    assert rows(text) == [Row(2, ("Ruiz, Ana", 'The "Boss"', "two\r\nlines")), Row(4, BEN_CELLS)]


def test_spaces_around_quotes_are_not_a_part_of_the_cell():
    assert cells(HEADER + '"Ana", "Ruiz, Jr." ,"ana@example.com"\n') == [("Ana", "Ruiz, Jr.", "ana@example.com")]


def test_a_quote_inside_a_cell_that_has_none_around_it_is_text():
    assert cells(HEADER + 'Ana,5" pipe,x@example.com\n') == [("Ana", '5" pipe', "x@example.com")]


def test_quotes_may_be_written_with_backslashes():
    text = 'Name,Notes\n"Ana","said \\"yes\\", twice"\n"Ben","C:\\\\files"\n"Cem","x"\n'
    assert cells(text) == [("Ana", 'said "yes", twice'), ("Ben", "C:\\files"), ("Cem", "x")]


def test_cells_may_be_quoted_singly():
    text = "'Name','Notes'\n'Ana','one, two'\n'Ben','O''Neil'\n"
    assert cells(text) == [("Ana", "one, two"), ("Ben", "O'Neil")]


@pytest.mark.parametrize(
    "bad",
    [
        '"Ana,Ruiz,x\n',
        'Ana,"Ruiz,x\n',
        '"Ana" Maria,Ruiz,x\n',
        'Ana,"Ruiz "Jr" x",y\n',
        'Ana,Ruiz,"x\n',
        '"Ana"",Ruiz,x\n',
    ],
)
def test_a_bad_quote_costs_its_own_row_and_no_other(bad):
    found = rows(HEADER + BEN + bad + BEN + '"Ana","Ruiz","ana@example.com"\n' + BEN)
    assert [(row.line, bool(row.fault)) for row in found] == [(2, False), (3, True), (4, False), (5, False), (6, False)]
    assert found[1].fault.endswith("so its cells cannot be told apart")
    assert "Ruiz" in " ".join(found[1].cells)
    assert found[3].cells == ANA_CELLS


def test_the_other_lines_of_a_row_with_a_bad_quote_are_no_rows():
    found = rows(HEADER + BEN + '"Ana" Maria,"two\nlines\nand three",x\n' + BEN)
    assert [(row.line, bool(row.fault)) for row in found] == [(2, False), (3, True), (6, False)]


def test_a_quote_that_is_never_closed_costs_its_own_row_among_thousands():
    text = HEADER + BEN * 5_000 + 'Ana,"Ruiz,x\n' + BEN * 5_000
    found = rows(text)
    assert [row.line for row in found if row.fault] == [5_002]
    assert len(found) == 10_001


def test_many_bad_quotes_are_read_in_a_time_that_grows_with_the_file():
    found = rows(HEADER + BEN * 10 + 'Ana,"Ruiz""x,y\n' * 20_000)
    assert sum(bool(row.fault) for row in found) == len(found) - 10
    assert len(found) > 1_000


# Lines ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=repr)
def test_lines_end_as_any_system_ends_them(ends):
    assert rows((HEADER + ANA + BEN).replace("\n", ends)) == [Row(2, ANA_CELLS), Row(3, BEN_CELLS)]


def test_the_last_line_needs_no_end():
    assert cells((HEADER + ANA + BEN).rstrip()) == [ANA_CELLS, BEN_CELLS]


def test_empty_lines_are_no_rows_and_count_as_lines():
    assert rows("\n\n" + HEADER + "\n" + ANA + ",,\n  \n" + BEN + "\n\n") == [Row(5, ANA_CELLS), Row(8, BEN_CELLS)]


def test_a_short_row_lacks_its_last_cells():
    assert cells(HEADER + ANA + "Ben,Carter\nCem\n") == [ANA_CELLS, ("Ben", "Carter", ""), ("Cem", "", "")]


def test_a_row_that_a_line_break_without_quotes_has_broken_is_a_fault_and_not_two_records():
    header, row = "Name,Street,City,Email\n", "Ana,1 Main St,Fresno,ana@example.com\n"
    found = rows(header + row * 40 + "Ben,9 Elm\nCt,Delano,ben@example.com\n" + row + row + "and more\n" + row)
    assert [(row.line, row.fault) for row in found if row.fault] == [
        (42, "it is too short: it and the line below may be one row that a line break has broken in two"),
        (43, "it is too short: it and the line above may be one row that a line break has broken in two"),
        (46, "it is too short: it and the line above may be one row that a line break has broken in two"),
    ]
    assert len(found) == 46


def test_a_short_row_among_complete_ones_lacks_its_last_cells():
    header, row = "Name,Street,City,Email\n", "Ana,1 Main St,Fresno,ana@example.com\n"
    assert rows(header + row * 20 + "Ben,9 Elm Ct\n" + row)[20] == Row(22, ("Ben", "9 Elm Ct", "", ""))


def test_a_long_row_is_a_fault_unless_what_is_beyond_is_empty():
    found = rows(HEADER + "Ana,Ruiz,ana@example.com,,\n" + "Ben,Carter,ben@example.com,x\n" + BEN)
    assert found[0] == Row(2, ANA_CELLS)
    assert found[1] == Row(3, BEN_CELLS, "it has 4 cells, and the table has 3 columns")
    assert found[2] == Row(4, BEN_CELLS)


def test_cells_are_not_stripped():
    assert cells("Name,Notes,City\n Ana ,  x, y \n") == [(" Ana ", "  x", " y ")]


def test_nul_characters_are_taken_out_and_told():
    table = read(HEADER + "A\x00na,Ruiz,ana@example.com\n")
    assert [row.cells for row in table.rows()] == [ANA_CELLS]
    assert table.notes == ("Characters without a meaning (NUL) were taken out.",)


def test_the_mark_of_an_old_programs_end_is_no_row():
    assert cells(HEADER + ANA + "\x1a") == [ANA_CELLS]


def test_files_that_were_put_together_keep_no_marks_between_them():
    part = (HEADER + ANA).encode("utf-8-sig")
    table = read(part + part + ANA.encode("utf-8-sig"))
    assert [(row.line, row.cells) for row in table.rows()] == [(2, ANA_CELLS), (4, ANA_CELLS), (5, ANA_CELLS)]


def test_a_header_with_a_bad_quote_is_a_header_and_it_is_told():
    table = read('"First" Name,Last Name,Email\n' + ANA + BEN)
    assert table.columns == ('First" Name', "Last Name", "Email")
    assert [row.line for row in table.rows()] == [2, 3]
    assert table.notes[0].startswith("In the header, a quotation mark stands inside a cell")


def test_a_cell_may_be_very_long():
    long = "x" * 3_000_000
    assert cells(HEADER + f'Ana,"{long}",x\n' + BEN) == [("Ana", long, "x"), BEN_CELLS]


def test_a_file_of_one_column_has_one_column():
    table = read("Email\nana@example.com\nben@example.com\n")
    assert table.columns == ("Email",)
    assert [row.cells for row in table.rows()] == [("ana@example.com",), ("ben@example.com",)]


# Encodings ------------------------------------------------------------------------------------------------------------

ACCENTS = "Name,City,Notes\nJosé Núñez,Łódź,naïve\nBjörk,Zürich,x\n"
WESTERN = "Name,City,Notes\nJosé Núñez,Málaga,“naïve” \u2013 5 €\nBjörk,Zürich,x\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_is_read(encoding):
    assert cells(ACCENTS, encoding) == [("José Núñez", "Łódź", "naïve"), ("Björk", "Zürich", "x")]


def test_utf_16_that_begins_with_a_mark_of_the_other_order_is_read():
    assert cells(b"\xfe\xff" + ACCENTS.encode("utf-16-be"))[0] == ("José Núñez", "Łódź", "naïve")


def test_utf_16_of_another_script_is_known_by_its_nul_bytes():
    text = "名字,城市,注\n" + "李雷雷雷雷,北京北京北京,你好你好你好\n" * 20
    table = read(text, "utf-16-le")
    assert next(table.rows()).cells == ("李雷雷雷雷", "北京北京北京", "你好你好你好")
    assert "read as UTF-16-LE" in " ".join(table.notes)


def test_what_is_not_utf_8_is_windows_1252():
    table = read(WESTERN, "cp1252")
    assert next(table.rows()).cells == ("José Núñez", "Málaga", "“naïve” \u2013 5 €")
    assert "The file is not UTF-8; it was read as Windows-1252." in table.notes


def test_bytes_that_windows_1252_does_not_know_are_latin_1():
    assert cells("Name,City\nJosé\x81,Málaga\nAna,x\n", "latin-1")[0] == ("José\x81", "Málaga")


def test_a_few_bad_bytes_do_not_turn_the_names_of_a_utf_8_file_into_others():
    data = (ACCENTS * 3).encode() + "Zoë,Málaga,x\n".encode("cp1252")
    table = read(data)
    assert [row.cells[0] for row in table.rows()][-1] == "Zoë"
    assert "José Núñez" in [row.cells[0] for row in table.rows()]
    assert "The file is UTF-8 but for 2 places, read as Windows-1252." in table.notes


def test_a_character_on_the_border_of_two_pieces_is_no_bad_byte():
    text = "Name,Notes\n" + "é" * 70_000 + ",x\n" + "a" + "é" * 70_000 + ",y\n"
    assert read(text).notes == ()


# Headers and what is around them --------------------------------------------------------------------------------------


def test_titles_above_the_header_are_left_out_and_told():
    table = read("Contacts of Associated RE\nExported by Jayden, on 3/24/2026\n\n" + HEADER + ANA + BEN)
    assert table.columns == ("First Name", "Last Name", "Email")
    assert [row.line for row in table.rows()] == [5, 6]
    assert table.notes[0] == 'Line 1 stands above the table and was left out: "Contacts of Associated RE".'


def test_a_report_made_in_a_spreadsheet_has_commas_in_its_title_lines_too():
    table = read(
        "Pipeline report,,,\n,,,\nClient,Property,Price,Stage\nAna,1 Main St,540000,Active\n,,,\nBen,9 Elm,1,Sold\n"
    )
    assert table.columns == ("Client", "Property", "Price", "Stage")
    assert [row.line for row in table.rows()] == [4, 6]
    assert table.notes == ('Line 1 stands above the table and was left out: "Pipeline report".',)


def test_a_long_notice_above_the_header_is_left_out():
    notice = '"When exporting your data, you may notice that some addresses, as said below,\nare missing."'
    table = read(
        f"Notes:\n{notice}\n\nFirst Name,Last Name,URL,Email Address\nAna,Ruiz,https://x.example,ana@example.com\n"
    )
    assert (table.columns[3], [row.line for row in table.rows()]) == ("Email Address", [6])


def test_repeated_and_empty_names_are_made_unique():
    table = read("Name,Email,,Email,Email,Email (2)\nAna,a@x.example,x,b@x.example,c@x.example,d@x.example\n")
    assert table.columns == ("Name", "Email", "Column 3", "Email (2)", "Email (3)", "Email (2) (2)")
    assert table.header


def test_columns_at_the_end_without_name_and_content_are_dropped():
    table = read("Name,City,Email,,\nAna,Fresno,a@x.example,,\nBen,Fresno,b@x.example,,\n")
    assert table.columns == ("Name", "City", "Email")
    assert next(table.rows()).cells == ("Ana", "Fresno", "a@x.example")
    assert table.notes == ("2 columns at the end had neither name nor content and were left out.",)


def test_what_stands_in_a_dropped_column_far_below_is_a_fault_and_not_lost():
    text = "Name,City,Email,\n" + "Ana,Fresno,a@x.example,\n" * 2_000 + "Ben,Fresno,b@x.example,late\n"
    assert rows(text)[-1].fault == "it has 4 cells, and the table has 3 columns"


def test_columns_that_nearly_all_rows_have_need_no_name():
    table = read("Name,City\nAna,Fresno,vip\nBen,Shafter,vip\nCem,Delano,\n")
    assert table.columns == ("Name", "City", "Column 3")
    assert [row.cells[2] for row in table.rows()] == ["vip", "vip", ""]


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ruiz,ana@example.com,6615550142\nBen Carter,ben@example.com,6615550143\n",
        "123 Main St,Bakersfield,CA,93301,540000\n9 Elm Ct,Shafter,CA,93263,310000\n",
        "1001,2026-03-08,Ana\n1002,2026-03-09,Ben\n",
        "Ana Ruiz\nBen Carter\n",
        "ana@example.com\nben@example.com\n",
    ],
)
def test_a_file_without_a_header_is_known_by_its_first_row(text):
    table = read(text)
    assert not table.header
    assert table.columns[0] == "Column 1"
    assert [row.line for row in table.rows()] == [1, 2]
    assert "The file does not name its columns." in table.notes


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("foo,bar\n5551234567,x@example.com\n5551234568,y@example.com\n", "foo"),
        ("Wer,Wo,Wieviel\nAna,Fresno,540000\nBen,Delano,310000\n", "Wer"),
        ("first_name,zip\nAna,Fresno\n", "first_name"),
        ("MLS #,$/SqFt,2024,2025\n1,2,3,4\n", "MLS #"),
        ("Name\nAna\nBen\n", "Name"),
        ("Name,Email\n", "Name"),
    ],
)
def test_a_header_is_known_by_its_words_or_by_what_is_below(text, first):
    table = read(text)
    assert table.header
    assert table.columns[0] == first


def test_a_first_line_of_which_nothing_is_known_is_taken_for_a_header_and_it_is_told():
    table = read("foo,bar\nbaz,qux\n")
    assert table.columns == ("foo", "bar")
    assert "nothing proves that it is" in table.notes[0]


def test_one_word_that_columns_are_called_too_is_no_header():
    assert "nothing proves" in read("Active,Sale\nSold,Rent\n").notes[0]
    assert not read("Sale,ana@example.com\nRent,ben@example.com\n").header
    assert len(list(read("foo,bar,baz\nsold,rent,sale\nqux,quux,x\n", header=False).rows())) == 3


def test_whoever_knows_better_decides_about_the_header():
    assert next(read(HEADER + ANA, header=False).rows()).cells == ("First Name", "Last Name", "Email")
    assert read("1,2\n3,4\n", header=True).columns == ("1", "2")


def test_the_names_of_groups_above_the_names_of_columns_are_a_title():
    table = read(",Buyer,,Seller,\nClosing Date,Name,Email,Name,Email\n2026-04-08,Ana,a@x.example,Ben,b@x.example\n")
    assert table.columns == ("Closing Date", "Name", "Email", "Name (2)", "Email (2)")


@pytest.mark.parametrize(
    "notice",
    [
        "In accordance with local MLS rules, some listings are not included,,",
        '"In accordance with local MLS rules, some listings are not included"',
        "Total: 2,,",
        "© 2026 Some MLS",
        "This information is deemed reliable but is not guaranteed",
    ],
)
def test_notices_between_rows_are_left_out_and_told(notice):
    table = read(HEADER + ANA + notice + "\n" + BEN)
    assert [row.cells for row in table.rows()] == [ANA_CELLS, BEN_CELLS]
    assert table.notes[-1].startswith("Line 3 is a notice and was left out: ")


def test_a_name_alone_is_a_row():
    assert cells(HEADER + ANA + "Confidential,Owner,\n")[1] == ("Confidential", "Owner", "")
    assert cells(HEADER + ANA + "Mary Jane van der Berg,,\n")[1] == ("Mary Jane van der Berg", "", "")


def test_a_header_that_is_repeated_is_no_row():
    table = read(HEADER + ANA + HEADER + BEN)
    assert [row.line for row in table.rows()] == [2, 4]
    assert table.notes == ("Line 3 repeats the header and was left out.",)


def test_more_columns_than_any_list_has_are_refused():
    with pytest.raises(Unreadable, match=r"list.csv: The table has 1200 columns; at most 1000 can be read"):
        read(",".join(f"Name {n}" for n in range(1200)) + "\n" + ",".join(["x"] * 1200) + "\n")


# Reading again, and in pieces -----------------------------------------------------------------------------------------


def test_rows_can_be_read_again_and_left_in_the_middle():
    file = io.BytesIO((HEADER + (ANA + BEN) * 5_000).encode())
    table = read_table(file, "list.csv")
    assert [row.line for row in islice(table.rows(), 2)] == [2, 3]
    assert sum(1 for _ in table.rows()) == sum(1 for _ in table.rows()) == 10_000
    assert not file.closed


class Counted(io.BytesIO):
    taken = 0

    def read(self, size=-1):
        data = super().read(size)
        self.taken += len(data)
        return data

    def read1(self, size=-1):
        data = super().read1(size)
        self.taken += len(data)
        return data


def test_rows_are_read_as_they_are_asked_for():
    file = Counted((HEADER + (ANA + BEN) * 50_000).encode())
    table = read_table(file, "list.csv")
    file.taken = 0
    next(table.rows())
    assert file.taken < 100_000
