"""What was used in this process. Apart from what finds it out, so that tests that call nothing import nothing."""

from __future__ import annotations

Use = tuple[str, str, str]  # function, action, resource

USED: set[Use] = set()
COMPLAINTS: list[str] = []


def take_complaints() -> list[str]:
    taken = sorted(set(COMPLAINTS))
    COMPLAINTS.clear()
    return taken
