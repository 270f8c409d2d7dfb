"""What counts as text that a person wrote: not the invisible characters around it, and no control characters. Pure."""

from __future__ import annotations

import re
import unicodedata

# Beside spaces: what copying from messengers, PDFs and right-to-left text leaves at the ends, and nobody sees.
# Embeddings, overrides and isolates among that reorder what follows them.
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_UNSEEN = f"{_SPACES}\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff{_BIDI}"
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and symbols without any ink
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LINES = frozenset("\t\n\r")
_REORDERING = re.compile(f"[{_BIDI}]")
_SLASHES = re.compile(r"[/\\\u2044\u2215\u29f8\uff0f\uff3c]")  # and what looks like one
_UNQUOTABLE = re.compile(rf"{_CONTROLS.pattern}|[{_BIDI}\ud800-\udfff]")


def is_seen(character: str) -> bool:
    """Whether it leaves ink: no space, nothing that controls, joins, reorders or has no width, half of no pair."""
    return unicodedata.category(character)[0] not in "CZ" and character not in _BLANK


def is_filled(text: str) -> bool:
    """Whether there is anything to see."""
    return any(map(is_seen, text))


def trimmed(text: str) -> str:
    """Without what cannot be seen at its ends."""
    return text.strip(_UNSEEN)


def one_line(text: str) -> str:
    """A trimmed text of one line; what cannot be seen at all is empty. Raises ValueError."""
    text = trimmed(text)
    if _CONTROLS.search(text):
        raise ValueError("must be one line without control characters")
    if _REORDERING.search(text):
        raise ValueError("must not contain characters that change the direction of text")
    return text if is_filled(text) else ""


def required_line(text: str) -> str:
    """The same of a text that must say something. Raises ValueError."""
    if line := one_line(text):
        return line
    raise ValueError("must not be empty")


def file_name(text: str) -> str:
    """The last part of what may be a path: no name leads anywhere. Raises ValueError."""
    name = required_line(_SLASHES.split(required_line(text))[-1])
    if not name.strip(". "):
        raise ValueError("must be the name of a file")
    return name


def lines(text: str) -> str:
    """A text of any lines, as it is. Raises ValueError."""
    if any(one.group() not in _LINES for one in _CONTROLS.finditer(text)):
        raise ValueError("must not contain control characters")
    return text


def quoted(text: str, most: int, *, otherwise: str = "") -> str:
    """Any text, also one that no input may be, as a line of so many characters at most; `otherwise` if none is seen."""
    line = trimmed(_UNQUOTABLE.sub(" ", text))
    if not is_filled(line):
        return otherwise
    return line if len(line) <= most else f"{line[: most - 1]}…"
