"""What a history can fail with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Failure(BaseException):
    """`kind` names the promise that was broken: two histories with the same one fail in the same way.

    No Exception: services catch those, and a check may fail in the middle of one.
    """

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind


@contextmanager
def nothing_escapes() -> Iterator[None]:
    """Where only what the client or the simulator itself does wrong can raise."""
    try:
        yield
    except Exception as error:
        raise Failure(f"{type(error).__name__}", str(error)) from error
