"""What files are taken, what their content has to be, and how they are served: nothing that a browser would run. Pure.

A type is proven by the content's first bytes or it is only a name: what is not proven is downloaded, never shown.
"""

from __future__ import annotations

from enum import Enum, auto
from urllib.parse import quote

from openhouse.core.errors import invalid

READ_BYTES = 8_192  # of a file's beginning: so many tell what it is

UNKNOWN = "application/octet-stream"

# What a browser shows without running anything of it. SVG and HTML are programs, HEIC and TIFF it does not show.
SHOWN_IMAGES = frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"})
SHOWN = SHOWN_IMAGES | {"application/pdf"}
PROVEN = SHOWN | {"image/heic", "image/tiff"}

_NAMED_OTHERWISE = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/heif": "image/heic",
    "application/x-pdf": "application/pdf",
}


class FileKind(Enum):
    """Which files a field of a record takes."""

    ANY = auto()
    IMAGES = auto()  # that a browser shows

    def takes(self, type_: str) -> bool:
        return self is FileKind.ANY or usual(type_) in SHOWN_IMAGES


def usual(type_: str) -> str:
    """The registered name of a type."""
    return _NAMED_OTHERWISE.get(type_, type_)


def proven_type(declared: str, beginning: bytes) -> str:
    """What a file is, of which somebody said what it was. Raises Invalid if its content is something else."""
    import filetype  # noqa: PLC0415 - 80 small modules, for whoever looks into a file

    found = filetype.guess(beginning)
    is_, said = usual(found.mime) if found else "", usual(declared)
    if said in PROVEN and is_ != said:
        raise invalid(("type", f"is {said}, but the content is {is_ or 'not'}"))
    return is_ if said == UNKNOWN and is_ in PROVEN else said


def served_as(type_: str, name: str) -> tuple[str, str]:
    """The headers Content-Type and Content-Disposition under which a file may reach a browser."""
    plain = "".join(letter if " " <= letter < "\x7f" and letter not in '"\\%' else "_" for letter in name)
    file_name = f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return (type_, f"inline; {file_name}") if type_ in SHOWN else (UNKNOWN, f"attachment; {file_name}")
