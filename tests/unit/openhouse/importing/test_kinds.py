import io
import zipfile

import pytest

from openhouse.importing.tables import Unreadable, read_table


def archive(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b" \r\n\r\n", "empty but for spaces"),
        (b"\xef\xbb\xbf\n", "empty but for spaces"),
        (b"%PDF-1.7\n%\xe2\xe3", "This is a PDF, not a list"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0JFIF", "a picture"),
        (b"\x00\x00\x00\x18ftypheic", "a picture"),
        (b"\x1f\x8b\x08", "a compressed archive"),
        (b"{\\rtf1\\ansi", "a text document"),
        (OLD_OFFICE, r"old version of Excel \(.xls\)"),
        (OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "This is a web page, whatever its name says"),
        (b"\r\n<!DOCTYPE html>\n<html>", "This is a web page"),
        ("\ufeff<table><tr><td>Ana</td>".encode("utf-16"), "This is a web page"),
        (b'<?xml version="1.0"?><html xmlns="x">', "This is a web page"),
        (b'<?xml version="1.0"?><Workbook>', "This is an XML file"),
        (b'{"contacts": []}', "This is JSON"),
        (b'[{"name": "Ana"}]', "This is JSON"),
        (b"BEGIN:VCALENDAR\r\n", "This is a calendar"),
        (archive("xl/workbook.bin", "[Content_Types].xml"), r"a binary workbook \(.xlsb\)"),
        (archive("content.xml", "mimetype"), "LibreOffice"),
        (archive("Index/Document.iwa"), "Apple Numbers"),
        (archive("word/document.xml", "[Content_Types].xml"), "Word or PowerPoint"),
        (archive("contacts.csv"), "This is a ZIP archive. Unpack it"),
        (b"PK\x03\x04 nonsense", "The file is damaged"),
        (bytes(range(256)) * 20, "no text and no workbook"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # archives hold the time at which they were made
)  # fmt: skip
def test_what_is_no_list_is_refused_with_a_sentence_that_helps(data, sentence):
    with pytest.raises(Unreadable, match=f"^list.csv: .*{sentence}"):
        read_table(data, "list.csv")


def test_the_content_decides_and_not_the_name():
    assert read_table(b"Name,Email\nAna,ana@example.com\n", "list.xlsx").columns == ("Name", "Email")
    assert read_table(b"\n\nBEGIN:VCARD\nFN:Ana\nEND:VCARD\n", "list.csv").columns == ("Name",)


def test_a_list_that_only_looks_like_something_else_is_read():
    assert read_table(b"<Name>,Email\nAna,ana@example.com\n", "x").columns == ("<Name>", "Email")
    assert read_table(b"[Name],Email\nAna,ana@example.com\n", "x").columns == ("[Name]", "Email")
