"""Examples of what is said about tasks over REST: those that each kind declares."""

from __future__ import annotations

from openhouse.core.merge_patch import Document
from openhouse.tasks.kinds import KINDS

CALLS = frozenset({"beginTask", "getTask", "confirmTask", "cancelTask", "undoTask"})


def bodies() -> dict[str, dict[str, Document]]:
    """Of the calls that take one, by kind."""
    return {
        "beginTask": {kind.name: {"kind": kind.name, "input": kind.example} for kind in KINDS},
        "confirmTask": {kind.name: {"answer": kind.answer_example} for kind in KINDS if kind.is_confirmed},
    }
