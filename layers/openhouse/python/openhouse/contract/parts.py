"""What models of the contract are made of."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, create_model

from openhouse.core.wire import Wire
from openhouse.rooms.position import Position

Version = Annotated[int, Field(ge=1)]
Positions = Annotated[dict[str, Position], Field(description="By room, read before the rest: sync from here.")]


def named(alias: str, kind: Any) -> Any:
    """A field that is called so on the wire, however that is spelled."""
    return kind, Field(alias=alias)


def wire_model(name: str, base: type[Wire] = Wire, **fields: Any) -> type[Wire]:
    """A model whose fields are types, or pairs of a type and a default."""
    whole: Any = {field: kind if isinstance(kind, tuple) else (kind, ...) for field, kind in fields.items()}
    made: type[Wire] = create_model(name, __base__=base, **whole)
    return made
