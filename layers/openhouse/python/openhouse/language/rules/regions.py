"""Which parts of a text are about a deal: not headers of mails, nor what stands under a sign-off. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HEADER = re.compile(
    r"^[> ]*(?:from|sent|to|cc|bcc|date|reply-to):[^\n]*(?:@|\d{4}|team|list)[^\n]*$", re.IGNORECASE | re.MULTILINE
)
_FORWARDED = re.compile(r"^--[^\n]*(?:forwarded|original)[^\n]*$", re.IGNORECASE | re.MULTILINE)
_SIGN_OFF = re.compile(
    r"^[ >]*(?:best|warmly|thanks|thank you|many thanks|cheers|sincerely|(?:(?:kind|best|warm)\s+)?regards|gracias"
    r"|saludos|yours(?:\s+(?:truly|sincerely|faithfully))?)[ ,.!]*$",
    re.IGNORECASE | re.MULTILINE,
)
_DEAL = re.compile(r"\$\s*\d|\b(?:buyers?|sellers?|price|closing|property|premises|escrow\s*:)", re.IGNORECASE)
_SIGNATURE = 8  # lines at most


def about_the_deal(text: str) -> str:
    """The same text with everything else blank, so that places stay."""
    shown = _blanked(text, (found.span() for form in (_HEADER, _FORWARDED) for found in form.finditer(text)))
    return _blanked(shown, [_signature(shown, found.start()) for found in _SIGN_OFF.finditer(shown)])


def _signature(text: str, start: int) -> tuple[int, int]:
    """As far as its lines say nothing of a deal."""
    end = text.find("\n", start) + 1 or len(text)
    for _ in range(_SIGNATURE):
        following = text.find("\n", end) + 1 or len(text)
        if _DEAL.search(text, end, following):
            break
        end = following
    return start, end


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text
