"""Mentions of people within long texts: `@[Name](userId)`, which editors complete from `@na`. Pure.

The name is what the text says, whatever the person is called later; the id says who it is.
"""

from __future__ import annotations

import re

_MENTION = re.compile(r"@\[([^\[\]\n]{1,300})\]\(([^\s#:/()]{1,128})\)")


def mentioned(text: str) -> list[str]:
    """The ids of those whom a text mentions, each once, in the order of the text."""
    return list(dict.fromkeys(match[2] for match in _MENTION.finditer(text)))


def read_aloud(text: str) -> str:
    """The text with names alone."""
    return _MENTION.sub(r"@\1", text)
