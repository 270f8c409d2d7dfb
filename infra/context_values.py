"""Values of the context: JSON from cdk.json, or text from `-c name=value`. Each raises ConfigurationError."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from infra.configuration_error import ConfigurationError

C = TypeVar("C", bound=str)


def text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def texts(name: str, value: Any, *, of_numbers: bool = False) -> Iterable[str]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if of_numbers and isinstance(value, list):
        value = [str(part) for part in value]
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise ConfigurationError(f"{name} is {value!r}: write a list, or text with commas")
    return cast("list[str]", value)


def number(name: str, value: Any, low: int, high: int) -> int:
    digits = text(value)
    if not digits.isdecimal() or not low <= int(digits) <= high:
        raise ConfigurationError(f"{name} is {value!r}: write a whole number from {low} to {high}")
    return int(digits)


def one_of(name: str, value: Any, choices: tuple[C, ...]) -> C:
    for choice in choices:
        if choice == text(value):
            return choice
    raise ConfigurationError(f"{name} is {value!r}: write one of {', '.join(choices)}")


def flag(name: str, value: Any) -> bool:
    known = {"true": True, "false": False, "": False}
    said = text(value).lower()
    if said not in known:
        raise ConfigurationError(f"{name} is {value!r}: write true or false")
    return known[said]
