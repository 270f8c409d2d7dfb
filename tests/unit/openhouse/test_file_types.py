"""What files are, by their first bytes, and how they are served."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhouse.core import text
from openhouse.core.errors import Invalid
from openhouse.crm.file_types import SHOWN, SHOWN_IMAGES, UNKNOWN, FileKind, proven_type, served_as

BEGINNINGS = {
    "application/pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "image/jpeg": b"\xff\xd8\xff\xe1\x00\x10Exif\x00",
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "image/gif": b"GIF89a\x01\x00\x01\x00",
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "image/avif": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf",
    "image/heic": b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic",
}
RUN = [
    b"<!doctype html><html><script>alert(1)</script>",
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    b"MZ\x90\x00\x03\x00\x00\x00",
    b"PK\x03\x04\x14\x00\x06\x00",
    b"",
]


@pytest.mark.parametrize("type_", BEGINNINGS)
def test_what_a_browser_shows_is_known_by_its_first_bytes(type_: str) -> None:
    assert proven_type(type_, BEGINNINGS[type_]) == type_
    assert proven_type(UNKNOWN, BEGINNINGS[type_]) == type_
    for other in BEGINNINGS.keys() - {type_}:
        with pytest.raises(Invalid, match="but the content is"):
            proven_type(other, BEGINNINGS[type_])


@pytest.mark.parametrize("content", RUN, ids=range(len(RUN)))
@pytest.mark.parametrize("type_", sorted(SHOWN))
def test_nothing_else_passes_for_it(type_: str, content: bytes) -> None:
    with pytest.raises(Invalid):
        proven_type(type_, content)


@pytest.mark.parametrize("type_", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/csv"])
@pytest.mark.parametrize("content", [*RUN, *BEGINNINGS.values()], ids=range(len(RUN) + len(BEGINNINGS)))
def test_whatever_is_not_proven_is_downloaded_without_a_type(type_: str, content: bytes) -> None:
    assert served_as(proven_type(type_, content), "x")[0] == UNKNOWN
    assert served_as(proven_type(type_, content), "x")[1].startswith("attachment;")


def test_other_names_of_a_type_are_the_same_type() -> None:
    assert proven_type("image/jpg", BEGINNINGS["image/jpeg"]) == "image/jpeg"
    assert FileKind.IMAGES.takes("image/jpg")
    assert not FileKind.IMAGES.takes("image/svg+xml")
    assert not FileKind.IMAGES.takes("application/pdf")
    assert all(FileKind.IMAGES.takes(type_) for type_ in SHOWN_IMAGES)


@given(st.text(min_size=1), st.sampled_from(["application/pdf", "text/html"]))
def test_no_name_ends_a_header_or_adds_to_it(name: str, type_: str) -> None:
    try:
        name = text.file_name(name)
    except ValueError:
        return
    _, disposition = served_as(type_, name)
    assert disposition.isascii()
    assert disposition.isprintable()
    plain, _, encoded = disposition.partition("; filename*=UTF-8''")
    assert plain.count('"') == 2
    assert unquote(encoded) == name
    assert not {";", '"', " "} & set(encoded)


@given(st.text())
def test_a_name_leads_nowhere(name: str) -> None:
    try:
        kept = text.file_name(name)
    except ValueError:
        return
    assert text.file_name(kept) == kept
    assert not {"/", "\\"} & set(kept)
    assert kept.strip(". ")


@pytest.mark.parametrize("name", ["", " ", ".", "..", "../..", "a/", "C:\\", "a\u202e.pdf", "a\nb.pdf"])
def test_what_is_no_name_of_a_file_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="must"):
        text.file_name(name)
