import pytest

from openhouse.importing.tables import Unreadable, read_table


def cards(text, encoding="utf-8"):
    table = read_table(text if isinstance(text, bytes) else text.encode(encoding), "contacts.vcf")
    assert table.header
    return [
        {name: cell for name, cell in zip(table.columns, row.cells, strict=True) if cell} for row in table.rows()
    ], table


def card(*lines, version="3.0"):
    """The cells of one card that has these lines."""
    (found,), _ = cards("\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]))
    return found


def test_each_card_is_a_row_that_begins_where_the_card_does():
    table = read_table(b"BEGIN:VCARD\nFN:Ana\nEND:VCARD\n\n\nbegin:vcard\nFN:Ben\nEnd:VCard\n", "x")
    assert [(row.line, row.cells) for row in table.rows()] == [(1, ("Ana",)), (6, ("Ben",))]
    assert [(row.line, row.cells) for row in table.rows()] == [(1, ("Ana",)), (6, ("Ben",))]


def test_the_parts_of_a_name_have_columns_of_their_own():
    found = card("N:Núñez;José;Luis,María;Dr.;Jr.", "FN:Dr. José Núñez", "NICKNAME:Pepe")
    assert found == {
        "First Name": "José", "Middle Name": "Luis María", "Last Name": "Núñez", "Name Prefix": "Dr.",
        "Name Suffix": "Jr.", "Nickname": "Pepe",
    }  # fmt: skip


def test_a_name_in_one_piece_is_kept_as_it_is_if_there_is_no_other():
    assert card("FN:Ana Ruiz") == {"Name": "Ana Ruiz"}
    assert card("N:;;;;", "FN:Ana Ruiz") == {"Name": "Ana Ruiz"}
    assert card("FN:Kern Title", "ORG:Kern Title;Escrow;Delano") == {
        "Organization": "Kern Title",
        "Department": "Escrow, Delano",
    }


def test_several_numbers_and_addresses_keep_their_labels_and_what_is_preferred_comes_first():
    found = card(
        "TEL;TYPE=home,voice:1", "TEL;TYPE=WORK;TYPE=FAX:2", "TEL;type=pref;type=CELL:3", "TEL:4", "TEL:4",
        "EMAIL;TYPE=INTERNET:a@x.example", "item1.EMAIL:b@x.example", "item1.X-ABLabel:_$!<School>!$_",
    )  # fmt: skip
    assert found == {
        "Phone 1": "3", "Phone 1 - Label": "Mobile", "Phone 2": "1", "Phone 2 - Label": "Home", "Phone 3": "2",
        "Phone 3 - Label": "Work Fax", "Phone 4": "4", "E-mail 1": "a@x.example", "E-mail 2": "b@x.example",
        "E-mail 2 - Label": "School",
    }  # fmt: skip


def test_version_4_writes_numbers_as_addresses_of_their_kind():
    found = card(
        'TEL;VALUE=uri;TYPE="voice,cell";PREF=1:tel:+1-661-555-0142;ext=204', "EMAIL:mailto:ana@example.com",
        'ADR;LABEL="1 Main; St: x":;;1 Main St;Bakersfield;CA;93301;US', version="4.0",
    )  # fmt: skip
    assert (found["Phone 1"], found["Phone 1 - Label"]) == ("+1-661-555-0142 x204", "Mobile")
    assert (found["E-mail 1"], found["Street"], found["ZIP"]) == ("ana@example.com", "1 Main St", "93301")


def test_addresses_are_taken_apart():
    found = card("ADR;TYPE=WORK:PO 7;Ste 2;1 Main St\\, Rear;Fresno;CA;93704;USA", "ADR:;;9 Elm Ct", "ADR:;;;;;;")
    assert found == {
        "Street": "1 Main St, Rear", "Street 2": "Ste 2", "PO Box": "PO 7", "City": "Fresno", "State": "CA",
        "ZIP": "93704", "Country": "USA", "Address 1 - Label": "Work", "Address 2 - Street": "9 Elm Ct",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("1984-05-03", "1984-05-03"),
        ("19840503", "1984-05-03"),
        ("1984-05-03T00:00:00Z", "1984-05-03"),
        ("--0503", "--05-03"),
        ("--05-03", "--05-03"),
        ("1604-05-03", "--05-03"),
        ("circa 1800", "circa 1800"),
    ],
)
def test_birthdays_are_written_one_way(value, date):
    assert card(f"BDAY:{value}") == {"Birthday": date}


def test_notes_sites_and_tags():
    found = card(
        "NOTE:a\\, b\\;\\nc\\\\n",
        "NOTE:second",
        "URL:https\\://x.example",
        "CATEGORIES:VIP,Past\\, present",
        "TITLE:Owner",
    )
    assert found == {
        "Notes": "a, b;\nc\\n\nsecond", "Website 1": "https://x.example", "Tags": "VIP, Past, present",
        "Job Title": "Owner",
    }  # fmt: skip


def test_folded_lines_are_put_together_even_inside_a_character():
    data = "BEGIN:VCARD\r\nFN:José Núñez\r\nEND:VCARD\r\n".encode()
    for at in range(len(b"BEGIN:VCARD\r\nF"), data.index(b"\r\nEND")):
        found, _ = cards(data[:at] + b"\r\n " + data[at:])
        assert found == [{"Name": "José Núñez"}], at


def test_quoted_printable_goes_on_over_lines():
    found = card(
        "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Jos=C3=A9 =3D=", " x=0D=0A=", "two", "TEL:1", version="2.1"
    )
    assert found == {"Notes": "José = x\ntwo", "Phone 1": "1"}
    assert card("NOTE;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Jos=E9", version="2.1") == {"Notes": "José"}
    assert card("NOTE;ENCODING=QUOTED-PRINTABLE:Jos=E9", version="2.1") == {"Notes": "José"}


def test_each_property_may_have_a_character_set_of_its_own():
    lines = [b"BEGIN:VCARD", b"VERSION:2.1", "N;CHARSET=windows-1251:Иванов;Иван".encode("cp1251")]
    found, _ = cards(b"\r\n".join([*lines, "TITLE;CHARSET=UTF-8:Müller".encode(), b"END:VCARD"]))
    assert found == [{"First Name": "Иван", "Last Name": "Иванов", "Job Title": "Müller"}]


def test_a_character_set_that_is_wrong_or_unknown_does_no_harm():
    assert card("FN;CHARSET=nonsense:Ana") == {"Name": "Ana"}
    assert card("FN;CHARSET=base64:José") == {"Name": "José"}
    found, _ = cards(b"BEGIN:VCARD\nFN;CHARSET=UTF-8:Jos\xe9\nEND:VCARD\n")
    assert found == [{"Name": "José"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_files_may_be_in_any_encoding(encoding):
    found, _ = cards(
        "BEGIN:VCARD\r\nFN:José Núñez\r\nNOTE;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen\r\nEND:VCARD\r\n", encoding
    )
    assert found == [{"Name": "José Núñez", "Notes": "Jürgen"}]


def test_pictures_and_cards_of_agents_are_left_out():
    found = card(
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRg==", " AAAA==", "FN:Ana", "AGENT:", "BEGIN:VCARD", "FN:Her agent",
        "TEL:9", "END:VCARD", "TEL:1",
    )  # fmt: skip
    assert found == {"Name": "Ana", "Phone 1": "1"}


def test_a_line_that_is_no_property_costs_itself_alone_and_is_told():
    found, table = cards("BEGIN:VCARD\nFN:Ana\nthis line is broken\nTEL:1\nEND:VCARD\nBEGIN:VCARD\nFN:Ben\nEND:VCARD\n")
    assert found == [{"Name": "Ana", "Phone 1": "1"}, {"Name": "Ben"}]
    assert table.notes == ("A line of the card that begins in line 1 could not be read.",)


def test_a_card_without_an_end_is_a_fault_and_the_others_are_read():
    table = read_table(
        b"BEGIN:VCARD\nFN:Ana\nBEGIN:VCARD\nFN:Ben\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:C", "x"
    )
    assert [(row.cells, row.fault) for row in table.rows()] == [
        (("Ana",), "the card has no end"),
        (("Ben",), ""),
        (("",), "the card is empty"),
        (("C",), "the card has no end"),
    ]


def test_more_numbers_than_there_are_columns_are_told():
    found, table = cards("BEGIN:VCARD\n" + "".join(f"TEL:{n}\n" for n in range(12)) + "END:VCARD\n")
    assert found[0]["Phone 10"] == "9"
    assert "Phone 11" not in table.columns
    assert table.notes == ("Some cards have more than 10 of one kind (Phone); the others were left out.",)


def test_of_a_card_with_very_many_entries_the_first_are_read_and_it_is_told():
    entries = "NOTE:x\r\n" * 2_000 + "TEL:1\r\n" * 100_000
    (found,), table = cards(f"BEGIN:VCARD\r\nFN:Ana\r\n{entries}END:VCARD\r\n")
    assert found == {"Name": "Ana", "Notes": "\n".join(["x"] * 499)}
    assert table.notes == ("Of cards with more than 500 entries, the others were left out.",)


def test_a_file_of_empty_cards_is_refused():
    with pytest.raises(Unreadable, match="no contacts"):
        read_table(b"BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", "x")
