"""How much memory a piece of work takes in a process that holds more: a table and a bucket in memory, here."""

from __future__ import annotations

import ctypes
import gc
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_STATUS, _FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_THE_PEAK = "5"  # what /proc/self/clear_refs takes to begin a new one


def held() -> float:
    """By the process now, in MB; 0 where there is no /proc."""
    return _of("VmRSS")


def peak_of(work: Callable[[], T]) -> tuple[T, float]:
    """What it returns, and by how many MB the process grew for it, what it puts into table and bucket included."""
    gc.collect()
    if not _FORGET.exists():
        return work(), 0.0
    ctypes.CDLL(None).malloc_trim(0)  # what is free would hide what is taken
    before = held()
    _FORGET.write_text(_THE_PEAK)
    done = work()
    return done, max(0.0, _of("VmHWM") - before)


def _of(name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+)", _STATUS.read_text()) if _STATUS.exists() else None
    return int(found[1]) / 1024 if found else 0.0
