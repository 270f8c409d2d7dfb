"""AWS over TLS, as far as a function's first call needs it: moto answers DynamoDB, Secrets Manager and SQS.

All three speak JSON, so a request is what boto3 takes and an answer is what boto3 returns. `@connections` takes every
post, and the pool's keys are at the address that they have in the emulator.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

SERVICES = {"DynamoDB_20120810": "dynamodb", "AmazonSQS": "sqs", "secretsmanager": "secretsmanager"}  # by target


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    clients: dict[str, Any]
    keys: dict[str, Any]

    def do_GET(self) -> None:
        self._answer(200, self.keys)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        target = self.headers.get("x-amz-target")
        if target is None:  # a post to a socket
            self._answer(200, None)
            return
        prefix, operation = target.split(".")
        try:
            answer = getattr(self.clients[SERVICES[prefix]], xform_name(operation))(**json.loads(body))
        except ClientError as error:
            self._answer(400, {"__type": error.response["Error"]["Code"], "message": str(error)})
        else:
            answer.pop("ResponseMetadata")
            self._answer(200, answer)

    do_DELETE = do_POST  # noqa: N815

    def _answer(self, status: int, content: Any) -> None:
        body = b"" if content is None else json.dumps(content, default=str).encode()
        self.send_response(status)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A function's process ends without closing what it has open."""


@contextmanager
def aws_over_tls(certificate: Path, keys: dict[str, Any]) -> Iterator[str]:
    """Its address. Needs moto's mock around it."""
    session: Any = boto3.Session()
    clients = {name: session.client(name) for name in SERVICES.values()}
    handler: Any = type("Handler", (_Handler,), {"clients": clients, "keys": keys})
    server = _Server(("127.0.0.1", 0), handler)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
