"""Sentences about a property from its facts, and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def sentences(facts: Mapping[str, Any]) -> list[str]:
    return []
