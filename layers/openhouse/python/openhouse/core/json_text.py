"""JSON as it is sent."""

from __future__ import annotations

import json
from typing import Any


def compact(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def size(document: Any) -> int:
    """In bytes of UTF-8, with spaces after separators: never less than what is sent."""
    return len(json.dumps(document, ensure_ascii=False).encode())
