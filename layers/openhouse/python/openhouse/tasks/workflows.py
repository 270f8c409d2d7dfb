"""What runs the steps of a task one after the other, as its tasks know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from openhouse.core.merge_patch import Document
from openhouse.tasks.work import Work


class Workflows(Protocol):
    def start(self, name: str, about: Mapping[str, Any]) -> bool:
        """Begins an execution of this name; each is begun once, however often it is asked for.

        Returns whether it may have begun now: not, if it had before, and is over. Raises OSError if it cannot be asked.
        """


def about(work: Work) -> Document:
    """What its steps are told."""
    return {"task": work.task_id, "user": work.user_id, "phase": work.phase, "run": work.run}
