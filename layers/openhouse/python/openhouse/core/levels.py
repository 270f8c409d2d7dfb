"""How something is said: in which colour it shows."""

from __future__ import annotations

from typing import Literal

Level = Literal["info", "warning", "error", "success"]
