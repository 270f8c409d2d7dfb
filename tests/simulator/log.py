"""What one client did and was told, in order: nothing, unless somebody records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Log = Callable[[dict[str, Any]], None]


def nobody(_step: dict[str, Any]) -> None: ...
