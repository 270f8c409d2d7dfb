"""Query parameters against the model that the contract shows of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from openhouse.core.complaints import complaint
from openhouse.core.errors import BadParameter
from openhouse.core.wire import Wire

W = TypeVar("W", bound=Wire)


def parse_parameters(model: type[W], query: Mapping[str, str]) -> W:
    """Raises BadParameter, naming the one."""
    try:
        return model.model_validate(dict(query), by_alias=True, by_name=False)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "extra_forbidden":
            names = ", ".join(sorted(model.model_json_schema()["properties"]))
            raise BadParameter(f"there is no parameter {first['loc'][0]!s:.50}; there are {names}") from error
        if not first["loc"]:  # nothing is said of names that no UTF-8 can spell
            raise BadParameter("the name of a parameter must be text in UTF-8") from error
        raise BadParameter(f"{first['loc'][0]}: {complaint(first)}") from error


def plain_number(text: Any) -> Any:
    """Digits alone: no signs, spaces, underscores or digits of other scripts, all of which `int` takes."""
    if isinstance(text, str) and not (text.isascii() and text.isdecimal()):
        raise ValueError("must be a whole number")
    return text


def listed(text: Any) -> Any:
    """What stands between commas."""
    return [part for part in text.split(",") if part] if isinstance(text, str) else text
