"""Every kind of task, a file each: its name is the kind's, its `KIND` declares it. A file is read when it is needed.

A name that Python keeps for itself has an underscore at its end, there alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from keyword import iskeyword
from pkgutil import iter_modules

from openhouse.tasks.kind import TaskKind


class KindFiles:
    """Those of this folder."""

    def names(self) -> tuple[str, ...]:
        return _names()

    def get(self, name: str) -> TaskKind:
        """Raises KeyError."""
        if name not in _names():
            raise KeyError(name)
        kind: TaskKind = import_module(f"{__name__}.{name}{'_' * iskeyword(name)}").KIND
        return kind

    def __iter__(self) -> Iterator[TaskKind]:
        return map(self.get, self.names())


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(module.name.rstrip("_") for module in iter_modules(__path__)))


KINDS = KindFiles()
