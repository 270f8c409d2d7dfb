"""The number formats of a workbook, as far as they say what a number is: a date, a percentage, digits with zeros. Pure.

A number is written with all its digits, whatever its format shows of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite

NumberText = Callable[[str], str]  # from a cell's value, as the file has it

# Of those that are known by number alone. 27 to 36 and 50 to 58 are dates in East Asian editions.
_BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    **dict.fromkeys([*range(27, 37), *range(50, 59)], "yyyy-m-d"),
}  # fmt: skip

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')  # text that is shown as it stands
_CONDITIONS = re.compile(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]", re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_GENERAL = re.compile(r"general|e[+-]", re.IGNORECASE)  # whose letters mean no time
_DAY = re.compile(r"[dy]|m{3,}", re.IGNORECASE)
_TIME = re.compile(r"[hs]|am/pm", re.IGNORECASE)
_MONTH = re.compile(r"m", re.IGNORECASE)
_ZEROS = re.compile(r"0+(?:-0+)*")
_INTEGER = re.compile(r"-?\d+")

_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's days have no time zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LEAP_DAY_OF_1900 = 60  # which Excel believes in: days before it are one off
_LAST_DAY = 2_958_466  # after the year 9999
_DAYS_TO_1904 = 1_462
_SECONDS = 86_400
_LONGEST_CODE = 255  # characters, as Excel takes; a mask of a million zeros would make as many of each number
_SHORTER = 3  # digits that rounding to what Excel keeps must spare, for arithmetic's dust to be the reason


def number_text(value: str) -> str:
    """`540000`, `0.025`: no exponent, no `.0`, and no dust of binary arithmetic (`0.30000000000000004`)."""
    if value.isdigit():
        return value
    if _INTEGER.fullmatch(value):
        return value if value.strip("-0") else "0"
    try:
        number = float(value)
    except ValueError:
        return value
    if not isfinite(number):
        return value
    exact, shown = repr(number), f"{number:.15g}"
    return _positional(shown if len(shown) + _SHORTER <= len(exact) else exact)


def number_formats(codes: dict[int, str], used: list[int], *, from_1904: bool) -> list[NumberText]:
    """What each style of cells makes of a number. `codes`: by number; `used`: the number of each style, in order."""
    return [_text_in(codes.get(number, _BUILT_IN.get(number, "")), from_1904) for number in used]


@lru_cache(maxsize=1_000)
def _text_in(code: str, from_1904: bool) -> NumberText:
    if len(code) > _LONGEST_CODE:
        return number_text
    if zeros := _masks_of_zeros(code):
        return lambda value: _padded(value, zeros)
    section = _GENERAL.sub("", _CONDITIONS.sub("", _QUOTED.sub("", code)).split(";")[0])
    if "%" in section:
        return _percentage
    if _ELAPSED.search(section):
        return _duration
    has_day, has_time = bool(_DAY.search(section)), bool(_TIME.search(section))
    if has_day or has_time or _MONTH.search(section):
        return lambda value: _moment(value, from_1904=from_1904, has_day=not has_time or has_day)
    return number_text


def _masks_of_zeros(code: str) -> tuple[str, ...]:
    """`00000` and `00000-0000`, as ZIP codes are shown; nothing if the format is another."""
    plain = _CONDITIONS.sub("", code.replace("\\-", "-").replace('"-"', "-"))
    masks = tuple(plain.split(";"))
    return masks if all(_ZEROS.fullmatch(mask) and len(mask) > 1 for mask in masks) else ()


def _percentage(value: str) -> str:
    try:
        if not isfinite(float(value)):  # of ten characters that are a number, and too large a one, a million digits
            return value
        return _positional(str(Decimal(number_text(value)) * 100)) + "%"
    except (ArithmeticError, ValueError):
        return value


def _padded(value: str, masks: tuple[str, ...]) -> str:
    """With zeros in front, in the first mask that has room for all digits."""
    text = number_text(value)
    if not text.isdigit():
        return text
    mask = next((mask for mask in masks if mask.count("0") >= len(text)), masks[-1])
    digits = text.zfill(mask.count("0"))
    groups: list[str] = []
    for group in reversed(mask.split("-")[1:]):
        groups.insert(0, digits[-len(group) :])
        digits = digits[: -len(group)]
    return "-".join([digits, *groups])


def _moment(value: str, *, from_1904: bool, has_day: bool) -> str:
    """`2026-04-08`, `2026-04-08T13:00:00`, `13:00:00`."""
    try:
        serial = float(value)
    except ValueError:
        return value
    if not 0 <= serial < _LAST_DAY - _DAYS_TO_1904 * from_1904:
        return number_text(value)
    day, seconds = divmod(round(serial * _SECONDS), _SECONDS)
    time = str(timedelta(seconds=seconds)).zfill(8)
    if day == 0 and (seconds or not has_day):
        return time
    if day == 0 and not from_1904:
        return number_text(value)  # no day: an empty cell that somebody calculated with
    if from_1904:
        moment = _EPOCH_1904 + timedelta(days=day)
    else:
        moment = _EPOCH_1900 + timedelta(days=day + (day < _LEAP_DAY_OF_1900))
    return f"{moment:%Y-%m-%d}T{time}" if seconds else f"{moment:%Y-%m-%d}"


def _duration(value: str) -> str:
    try:
        seconds = round(float(value) * _SECONDS)
    except (ValueError, OverflowError):
        return value
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' * (seconds < 0)}{hours}:{rest // 60:02}:{rest % 60:02}"


def _positional(text: str) -> str:
    plain = format(Decimal(text) + 0, "f")  # + 0: -0 is 0
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
