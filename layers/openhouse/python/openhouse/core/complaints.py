"""What is wrong with a value, in words for people: pydantic's own tell of Python."""

from __future__ import annotations

from typing import Any

from pydantic_core import ErrorDetails

_OBJECT = "must be an object"
_WHOLE = "must be a whole number"
_DAY = "must be a day, such as 2026-03-02"
_TIME = "must be a time with its zone, such as 2026-03-02T12:00:00Z"

# By pydantic's type of error. The names in braces are those of the error's context.
_WORDS = {
    "missing": "is required",
    "missing_argument": "is required",
    "missing_keyword_only_argument": "is required",
    "extra_forbidden": "there is no such field",
    "unexpected_keyword_argument": "there is no such field",
    "string_type": "must be a text",
    "string_unicode": "must be Unicode text",
    "string_pattern_mismatch": "does not have the right form",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": "is too large a number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "finite_number": "must be a number",
    "multiple_of": "must be a multiple of {multiple_of}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "decimal_max_digits": "must have at most {max_digits} digits",
    "decimal_max_places": "must have at most {decimal_places} decimal places",
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "dataclass_exact_type": _OBJECT,
    "list_type": "must be a list",
    "set_type": "must be a list",
    "tuple_type": "must be a list",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": _TIME,
    "json_invalid": "must be JSON",
    "union_tag_invalid": "must be one of {expected_tags}",
}


_JSON = {"True": "true", "False": "false", "None": "null"}


def complaint(error: ErrorDetails) -> str:
    """What is wrong with the value of one field, such as `must be at most 100`."""
    context: dict[str, Any] = error.get("ctx") or {}
    if words := _WORDS.get(error["type"]):
        return _singular(words.format(**{name: _plain(value) for name, value in context.items()}))
    return error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")


def _plain(value: Any) -> str:
    """`0.25` of `Decimal('0.25')` and of 0.25; `7` of 7.0; a list of choices without quotes."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _JSON.get(str(value), str(value).replace("'", ""))


def _singular(words: str) -> str:
    for noun in ("characters", "items", "digits"):
        words = words.replace(f" 1 {noun}", f" 1 {noun[:-1]}")
    return words
