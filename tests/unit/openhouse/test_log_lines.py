"""Lines of the logs: whatever somebody wrote stays a value in one of them."""

from __future__ import annotations

import io
import json

import pytest
from aws_lambda_powertools import Logger

from infra.access_logs import HTTP_FIELDS, WEB_SOCKET_FIELDS


@pytest.mark.parametrize(
    "hostile",
    [
        'x"}\n{"level": "ERROR", "message": "forged"}',
        "\x1b[2J\x1b[31m",
        "\r\n2026-11-30 ERROR forged",
        "\u2028\u2029",
        '", "user_id": "root',
        "\ud800",
    ],
    ids=["another line", "a terminal", "a line of text", "line separators", "another field", "half a character"],
)
def test_what_somebody_wrote_begins_no_line_and_is_no_field(hostile: str) -> None:
    written = io.StringIO()
    # A logger of the same name would go on writing where the first one did.
    log = Logger(service=f"lines-{hostile!a}", stream=written, use_rfc3339=True)
    log.info("refused", reason=hostile, user_id="ava")
    line, end = written.getvalue().split("\n")
    assert not end
    told = json.loads(line)
    assert (told["message"], told["reason"], told["user_id"], told["level"]) == ("refused", hostile, "ava", "INFO")
    assert not any(one < " " or "\x7f" <= one <= "\x9f" for one in line)


def test_no_access_log_writes_what_a_token_or_ticket_may_be_in() -> None:
    """The query string of `$connect` holds the ticket, a header the token; what a client names goes in as it came."""
    for field in {*HTTP_FIELDS, *WEB_SOCKET_FIELDS}:
        assert not field.startswith(("request.", "requestOverride", "identity.userAgent", "authorizer.principal"))
        assert "query" not in field.lower()
        assert "header" not in field.lower()
