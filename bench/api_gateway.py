"""API Gateway's stand-in, as benchmarks use it: started, listened to, counted on, ended."""

from __future__ import annotations

import json
import queue
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from deployed import ROOT
from deployed.terminal import CommandFailed
from openhouse.delivery.aws_gateway import AwsGateway
from openhouse.delivery.posting_call import Limits
from openhouse.delivery.signing import Credentials, Signer

STARTS_WITHIN, ANSWERS_WITHIN = 20.0, 10.0  # seconds


@dataclass(frozen=True)
class Counted:
    """Posts that were taken, and the bytes of their bodies."""

    posts: int
    bytes: int


class ApiGateway:
    """`events`: what functions would be called for: `{connect, query}`, `{message, text}`, `{disconnect}`; None at
    the end.
    """

    def __init__(self, orders: IO[str], news: IO[str], *, scheme: str) -> None:
        self.events: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._counts: queue.SimpleQueue[Counted] = queue.SimpleQueue()
        self._started: queue.SimpleQueue[list[int]] = queue.SimpleQueue()
        self._orders = orders
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, args=[news], daemon=True).start()
        try:
            posts, sockets = self._started.get(timeout=STARTS_WITHIN)
        except queue.Empty as error:
            raise CommandFailed("The stand-in of API Gateway does not start.") from error
        self.base = f"{scheme}://127.0.0.1:{posts}"
        self.endpoint = f"{self.base}/live"
        self.port = sockets

    def accept(self, id_: str, *, ok: bool) -> None:
        self._order(accept=id_, ok=ok)

    def take(self) -> Counted:
        """What was posted since the last time."""
        self._order(count=1)
        return self._counts.get(timeout=ANSWERS_WITHIN)

    def _order(self, **order: Any) -> None:
        with self._lock:
            self._orders.write(json.dumps(order) + "\n")
            self._orders.flush()

    def _listen(self, news: IO[str]) -> None:
        for line in news:
            told = json.loads(line)
            if "ports" in told:
                self._started.put(told["ports"])
            elif "counted" in told:
                self._counts.put(Counted(told["posts"], told["bytes"]))
            else:
                self.events.put(told)
        self.events.put(None)


@contextmanager
def api_gateway(*, everyone: bool = False, certificate: Path | None = None) -> Iterator[ApiGateway]:
    command = [sys.executable, "-m", "bench.api_gateway_process"]
    command += ["--everyone"] if everyone else []
    command += ["--certificate", str(certificate)] if certificate else []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield ApiGateway(process.stdin, process.stdout, scheme="https" if certificate else "http")
        finally:
            process.stdin.close()  # which ends it
            try:
                process.wait(ANSWERS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def posting_to(endpoint: str, *, trusted: Path | None = None) -> Iterator[AwsGateway]:
    """The product's own gateway. `trusted`: a certificate."""

    def signer(host: str) -> Signer:
        return Signer(
            service="execute-api", region="us-east-1", host=host, credentials=lambda: Credentials("key", "secret")
        )

    tls = ssl.create_default_context(cafile=str(trusted)) if trusted else None
    gateway = AwsGateway(endpoint, signer, limits=Limits(call=120.0), tls=tls)  # a busy machine takes its time
    try:
        yield gateway
    finally:
        gateway.shutdown()
