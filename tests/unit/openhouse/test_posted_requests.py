"""What we send to `@connections` is what botocore's client of it would send, to the byte."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openhouse.core import clock
from openhouse.delivery.aws_gateway import AwsGateway
from openhouse.delivery.event_loop import EventLoop
from openhouse.delivery.http_channel import Channel, Owner, Pool
from openhouse.delivery.signing import Credentials, Signer
from openhouse.rooms.gateway import Delivery, Frame
from openhouse.settings import SocketSettings
from tests.fakes import NOON, FakeClock

API: dict[str, Any] = {"table_name": "t", "websocket_api_id": "a1b2c3d4e5", "websocket_stage": "live"}
PLACES = {
    "AWS": SocketSettings(**API),
    "Europe": SocketSettings(**API, aws_region="eu-central-1"),
    "GovCloud": SocketSettings(**API, aws_region="us-gov-west-1"),
    "China": SocketSettings(**API, aws_region="cn-north-1", url_suffix="amazonaws.com.cn"),
    "emulator": SocketSettings(**API, aws_endpoint_url="http://127.0.0.1:4566"),
}
ADDRESSES = {
    **{name: (place.callback_url, place.aws_region) for name, place in PLACES.items()},
    "a domain of ours, with a path": ("https://live.example.com/crm", "us-east-1"),
    "another port": ("https://live.example.com:8443/crm~1", "us-east-1"),
}
REAL_ID = "L0SM9cOFvHcCIhw="
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

# Of a client, its library and the number of the try. No signature covers them.
NOT_OURS = {"user-agent", "amz-sdk-invocation-id", "amz-sdk-request"}

SESSION: Any = botocore.session.get_session()
UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # a new one takes longer than all else

Request = tuple[str, str, dict[str, str], bytes]  # method, target, headers by lower-case name, body


class Wire(Channel):
    """Keeps what is sent, and answers that it is well."""

    def __init__(self, owner: Owner, loop: EventLoop, sent: list[bytes]) -> None:
        super().__init__(owner, [], "", None)
        self._its_loop = loop
        self._sent = sent

    @property
    def usable(self) -> bool:
        return True

    def _write(self, data: bytes | memoryview) -> None:
        self._sent.append(bytes(data))
        self._its_loop.later(0.0, self._received, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


class Wires(Pool):
    def __init__(self, sent: list[bytes]) -> None:
        super().__init__("", 0, None, longest_idle=0)
        self._sent = sent

    def open(self, owner: Owner, loop: EventLoop, *, within: float) -> Channel:
        wire = Wire(owner, loop, self._sent)
        wire.deadline = loop.now + within
        loop.later(0.0, owner.opened, wire)
        return wire


def ours(address: str, region: str, token: str | None, at: datetime, connection_id: str, body: bytes | None) -> bytes:
    def signer(host: str) -> Signer:
        credentials = Credentials("AKIDEXAMPLE", SECRET, token)
        return Signer(
            service="execute-api", region=region, host=host, credentials=lambda: credentials, now=FakeClock(at)
        )

    sent: list[bytes] = []
    gateway = AwsGateway(address, signer, tls=UNUSED)
    gateway._pool = Wires(sent)
    if body is None:
        gateway.close([connection_id])
    else:
        assert gateway.post([Delivery([connection_id], [Frame(body)])]) == [{}]
    gateway.shutdown()
    (request,) = sent
    return request


def read(request: bytes) -> Request:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, version = first.split(" ")
    assert version == "HTTP/1.1"
    names = [line.split(": ")[0] for line in lines]
    assert len(set(names)) == len(names)
    return method, target, dict(line.split(": ", 1) for line in lines), body


@cache
def client(address: str, region: str, token: str | None) -> Any:
    keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": SECRET, "aws_session_token": token}
    return SESSION.create_client("apigatewaymanagementapi", region_name=region, endpoint_url=address, **keys)


def botocores(
    address: str, region: str, token: str | None, at: datetime, connection_id: str, body: bytes | None
) -> Request:
    prepared: list[Any] = []  # AWSPreparedRequest
    no_headers: Any = {}

    def take(request: Any, **_: Any) -> AWSResponse:
        prepared.append(request)
        return AWSResponse(request.url, 200, no_headers, Nothing())

    asked = client(address, region, token)
    asked.meta.events.register("before-send", take, unique_id="take")
    with patch("botocore.auth.get_current_datetime", lambda: at):
        if body is None:
            asked.delete_connection(ConnectionId=connection_id)
        else:
            asked.post_to_connection(ConnectionId=connection_id, Data=body)
    asked.meta.events.unregister("before-send", unique_id="take")
    (request,) = prepared
    url = urlsplit(request.url)
    sent = {name.lower(): as_text(value) for name, value in request.headers.items()}
    assert not url.query
    return str(request.method), url.path, {"host": url.netloc, **sent}, request.body or b""


class Nothing:
    def stream(self, **_: Any) -> Iterator[bytes]:
        return iter([b""])


def as_text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


@pytest.mark.parametrize(("address", "region"), ADDRESSES.values(), ids=ADDRESSES)
@example(connection_id=REAL_ID, body=b'{"commits":[]}', token=None, at=NOON)
@example(connection_id=REAL_ID, body=None, token="FwoGZXIvYXdzEBYaD+/==", at=NOON)
@settings(max_examples=12, deadline=None)  # the first makes a client of botocore's
@given(
    connection_id=st.text(min_size=1, max_size=20).filter(lambda id_: id_ not in (".", "..")),
    body=st.none() | st.binary(max_size=100),
    token=st.sampled_from([None, "FwoGZXIvYXdzEBYaD+/=="]),
    at=st.integers(0, 4 * 10**9).map(clock.from_seconds),
)
def test_a_request_of_ours_is_the_one_that_botocore_sends(
    address: str, region: str, connection_id: str, body: bytes | None, token: str | None, at: datetime
) -> None:
    method, target, headers, content = botocores(address, region, token, at, connection_id, body)
    assert headers.keys() >= NOT_OURS
    expected = {name: value for name, value in headers.items() if name not in NOT_OURS}
    assert read(ours(address, region, token, at, connection_id, body)) == (method, target, expected, content)
