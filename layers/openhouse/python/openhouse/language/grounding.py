"""Whether words that an engine points at are whole ones: `$54` is not said by `$540,000`. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from openhouse.language.engine import Mention


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word or number is cut at either end."""
    if not (0 <= start < end <= len(text)) or not text[start:end].strip():
        return False
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    first, last = text[start], text[end - 1]
    if first.isalnum() and (before[-1:].isalnum() or (first.isdigit() and _goes_on(before[::-1]))):
        return False
    return not (last.isalnum() and (after[:1].isalnum() or (last.isdigit() and _goes_on(after))))


def whole(text: str, mentions: Iterable[Mention]) -> list[Mention]:
    return [each for each in mentions if is_whole(text, each.start, each.end)]


def _goes_on(beside: str) -> bool:
    """Whether a number goes on there: by a comma or a point, and a digit."""
    return len(beside) == 2 and beside[0] in ",." and beside[1].isdigit()
