"""The contract of a Gateway, held by the real one against an `@connections` of our own, and by the tests' fake.

moto's never answers Gone and the emulator never throttles, so neither can judge this.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import boto3
import pytest
from botocore.config import Config

from openhouse.gateway import AwsGateway, Gateway, Outcome
from tests.fakes import FakeGateway

CONFIG = Config(connect_timeout=1, read_timeout=0.3, retries={"mode": "standard", "total_max_attempts": 2})


class Connections(BaseHTTPRequestHandler):
    """`@connections` by the connection's name: gone-1 is gone, slow-1 never answers, and so on."""

    protocol_version = "HTTP/1.1"
    received: defaultdict[str, list[bytes]] = defaultdict(list)
    closed: list[str] = []
    flaky_seen: list[str] = []

    def do_POST(self) -> None:
        name = unquote(unquote(self.path.rsplit("/", 1)[-1]))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = name.split("-")[0]
        if kind == "slow":
            time.sleep(1)
        if kind == "cut":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if kind == "flaky" and name not in self.flaky_seen:
            self.flaky_seen.append(name)
            kind = "broken"
        statuses = {"gone": 410, "busy": 429, "broken": 500, "large": 413, "forbidden": 403}
        if kind not in statuses:
            self.received[name].append(body)
        self._answer(statuses.get(kind, 200))

    def do_DELETE(self) -> None:
        self.closed.append(unquote(unquote(self.path.rsplit("/", 1)[-1])))
        self._answer(410 if self.closed[-1].startswith("gone") else 204)

    def _answer(self, status: int) -> None:
        names = {410: "GoneException", 429: "LimitExceededException", 413: "PayloadTooLargeException"}
        self.send_response(status)
        self.send_header("x-amzn-ErrorType", names.get(status, "Exception"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Connections)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/live"
    server.shutdown()
    server.server_close()
    thread.join()


def aws_gateway(endpoint: str) -> AwsGateway:
    client = boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=CONFIG,
    )
    return AwsGateway(client)


def fake_gateway(_endpoint: str) -> FakeGateway:
    gateway = FakeGateway()
    gateway.open |= {"open-1", "open=="}
    gateway.outcomes["busy-1"] = Outcome.FAILED
    return gateway


@pytest.mark.parametrize("make", [aws_gateway, fake_gateway])
def test_every_gateway_tells_delivered_gone_and_failed_apart_and_closes_without_complaint(make, endpoint) -> None:
    gateway: Gateway = make(endpoint)
    assert gateway.post("open-1", b"{}") is Outcome.DELIVERED
    assert gateway.post("open==", b"{}") is Outcome.DELIVERED  # real ids end like this
    assert gateway.post("gone-1", b"{}") is Outcome.GONE
    assert gateway.post("busy-1", b"{}") is Outcome.FAILED
    gateway.close("open-1")
    gateway.close("gone-1")


@pytest.mark.parametrize("name", ["broken-1", "large-1", "forbidden-1", "slow-1", "cut-1"])
def test_whatever_goes_wrong_with_one_post_is_an_outcome_not_an_exception(name: str, endpoint: str) -> None:
    assert aws_gateway(endpoint).post(name, b"{}") is Outcome.FAILED


def test_a_passing_fault_is_tried_again(endpoint: str) -> None:
    assert aws_gateway(endpoint).post("flaky-1", b"{}") is Outcome.DELIVERED


def test_nobody_listening_is_an_outcome_too() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    gateway = aws_gateway(f"http://127.0.0.1:{port}/live")
    assert gateway.post("open-1", b"{}") is Outcome.FAILED
    gateway.close("open-1")


def test_the_body_arrives_as_it_is(endpoint: str) -> None:
    frame = '{"commits":[{"by":"Zoë 🏡"}]}'.encode()
    aws_gateway(endpoint).post("open-2", frame)
    assert Connections.received["open-2"] == [frame]
