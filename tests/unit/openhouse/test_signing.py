"""Our signatures are botocore's, byte for byte."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from openhouse.core import clock
from openhouse.delivery.signing import Credentials, Signer, canonical
from tests.fakes import NOON, FakeClock

HOST = "a1b2c3.execute-api.eu-west-1.amazonaws.com"
KEYS = st.text("ABCDEFabcdef0123456789/+", min_size=1, max_size=50)


def signer(credentials: Credentials, clock: FakeClock) -> Signer:
    return Signer(service="execute-api", region="eu-west-1", host=HOST, credentials=lambda: credentials, now=clock)


def sign(signer: Signer, method: str, path: str, body: bytes) -> dict[str, str]:
    lines = signer.headers(method, canonical(path), sha256(body).hexdigest()).split("\r\n")
    return dict(line.split(": ", 1) for line in lines if line)


def botocore_signs(credentials: Credentials, at: datetime, method: str, path: str, body: bytes) -> dict[str, str]:
    request: Any = AWSRequest(method, f"https://{HOST}{path}", data=body)
    keys = BotocoreCredentials(credentials.access_key, credentials.secret_key, credentials.token)
    with patch("botocore.auth.get_current_datetime", lambda: at):
        SigV4Auth(keys, "execute-api", "eu-west-1").add_auth(request)
    return {"host": HOST, **{name.lower(): value for name, value in request.headers.items()}}


@given(
    credentials=st.builds(Credentials, KEYS, KEYS, st.none() | KEYS),
    at=st.integers(0, 4 * 10**9).map(clock.from_seconds),
    method=st.sampled_from(["POST", "DELETE"]),
    stage=st.sampled_from(["/live", "/_aws/execute-api/a1b2/live", "/a b/~x"]),
    connection_id=st.text(min_size=1, max_size=40),
    body=st.binary(max_size=200),
)
def test_a_signature_is_the_one_that_botocore_makes(
    credentials: Credentials, at: datetime, method: str, stage: str, connection_id: str, body: bytes
) -> None:
    if connection_id in (".", ".."):
        return  # botocore takes such segments out of the path; no connection is called that
    path = f"{quote(stage)}/@connections/{quote(connection_id, safe='')}"
    assert sign(signer(credentials, FakeClock(at)), method, path, body) == botocore_signs(
        credentials, at, method, path, body
    )


@given(st.lists(st.tuples(st.integers(0, 200_000), KEYS, st.none() | KEYS), min_size=1, max_size=8))
def test_what_is_kept_is_made_anew_with_the_second_the_day_and_the_credentials(
    steps: list[tuple[int, str, str | None]],
) -> None:
    clock = FakeClock(NOON)
    current = Credentials("first", "first")
    ours = Signer(service="execute-api", region="eu-west-1", host=HOST, credentials=lambda: current, now=clock)
    for seconds, key, token in steps:
        sign(ours, "POST", "/live/@connections/a", b"before")
        clock.advance(seconds + 1)
        current = Credentials("key", key, token)
        assert sign(ours, "POST", "/live/@connections/a", b"{}") == botocore_signs(
            current, clock.at, "POST", "/live/@connections/a", b"{}"
        )


def test_credentials_are_asked_for_once_a_second_and_when_they_were_refused() -> None:
    clock, asked = FakeClock(NOON), []
    ours = Signer(
        service="execute-api",
        region="eu-west-1",
        host=HOST,
        credentials=lambda: asked.append(clock.at) or Credentials("key", "secret"),  # type: ignore[func-returns-value]
        now=clock,
    )
    for _ in range(10):
        ours.headers("POST", "/", "digest")
        clock.at += timedelta(milliseconds=300)
    assert len(asked) == 3
    ours.renew()
    ours.headers("POST", "/", "digest")
    assert len(asked) == 4
