"""What tests of locks say."""

from __future__ import annotations

from typing import Any

from openhouse.core.principal import Principal
from tests.fakes import AVA
from tests.functional.conftest import World
from tests.functional.sockets import create
from tests.functional.test_http import call

LEASE = 300  # seconds
SKEW = 2


def house(world: World, who: Principal = AVA, **fields: Any) -> str:
    """The path of a new escrow."""
    (made,) = create(world, who=who, **fields)
    return f"/escrows/{made['id']}"


def lock(world: World, path: str, who: Principal = AVA, **body: Any) -> Any:
    """The lock that was taken or prolonged."""
    status, content, _ = call(world, "POST", f"{path}/lock", body, who=who)
    assert status == 200, content
    return content


def unlock(world: World, path: str, token: int, who: Principal = AVA) -> int:
    return call(world, "DELETE", f"{path}/lock", who=who, headers={"lock-token": str(token)})[0]


def save(world: World, path: str, who: Principal = AVA, token: int | None = None, **fields: Any) -> tuple[int, Any]:
    headers = {} if token is None else {"lock-token": str(token)}
    status, content, _ = call(world, "PATCH", path, fields or {"notes": "x"}, who=who, headers=headers)
    return status, content


def told(answer: tuple[int, Any]) -> tuple[int, str, str | None, str | None]:
    """Of a refusal: its status and code, and whose lock is in the way, until when."""
    status, content = answer
    return status, content["code"], content.get("holder"), content.get("until")
