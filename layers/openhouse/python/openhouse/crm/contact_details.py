"""Phone numbers and e-mail addresses as people write them, and the one form in which they are stored. Pure.

The libraries are imported by the first text to be judged: most calls have none.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import re
import unicodedata

from openhouse.core.text import trimmed

_HOME = "US"  # how a phone number without a country is meant

_LABEL = r"(?:telephone|tel|phone|mobile|cell|home|work|office|direct|main|fax)"
_PHONE = re.compile(
    rf"(?:{_LABEL}\s*[.:]?\s*)?"
    r"(?P<number>\+?[\d\s().\-/\u2010-\u2015\u2212]*\d(?<!\.0))"  # a last ".0" is a spreadsheet's, and no digit of it
    r"(?:\s*(?:;ext=|[,;]?\s*(?:extension|ext|x)\s*[.:]?|\#)\s*(?P<extension>\d{1,7}))?"
    rf"(?:\s*(?:,?\s*{_LABEL}|\([^\W\d_][^\d()]*\)))?",
    re.IGNORECASE,
)


def phone(text: str) -> str:
    """E.164 with RFC 3966's extension: `+14155550123;ext=12`. Words around it are left out, digits never.

    Raises ValueError.
    """
    import phonenumbers

    refusal = ValueError("is not a valid phone number, such as (415) 555-0123 or +44 20 7946 0958")
    found = _PHONE.fullmatch(trimmed(unicodedata.normalize("NFKC", text)))
    if not found:
        raise refusal
    written = _ascii_digits(found["number"])
    try:
        number = phonenumbers.parse(written, _HOME)
    except phonenumbers.NumberParseException as error:
        raise refusal from error
    kept = phonenumbers.national_significant_number(number)
    if not phonenumbers.is_valid_number(number) or not re.sub(r"\D", "", written).endswith(kept):
        raise refusal
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};ext={_ascii_digits(found['extension'])}" if found["extension"] else plain


def email(text: str) -> str:
    """Domain in small letters, both parts in their Unicode form; of `Ana <a@b.com>` the address.

    `.test` names serve demonstrations. Raises ValueError.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(
            trimmed(text), allow_display_name=True, check_deliverability=False, test_environment=True
        ).normalized
    except EmailNotValidError as error:
        raise ValueError(f"is not a valid e-mail address, such as zoe@example.com. {error}") from error


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(one)) if one.isdecimal() else one for one in text)
