"""The deployed stack in an emulator of its own, so that it runs beside `make run`; two brokerages live in it."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import httpx
import jwt
import pytest
from websockets.sync.client import ClientConnection, connect

from deployed.endpoints import stack_outputs
from deployed.people import Operator, Person
from deployed.sign_in import DEMO_PASSWORD, sign_in
from deployed.terminal import Steps
from local.aws_like.client import AwsLike
from local.aws_like.conditions import Conditions
from local.emulator import free_port
from local.seed import hire, seed
from local.stack import RunningStack, running_stack, synthesise
from tests.permissions.emulated import note_decisions, refused

ORIGIN = "http://localhost:8080"
PATIENCE = 120.0  # seconds for whatever comes at once on an idle machine: how busy this one is, no test says
# One for all calls, each on a connection of its own: to make one, certificates are read for 20 ms.
HTTP = httpx.Client(timeout=PATIENCE, limits=httpx.Limits(max_keepalive_connections=0))
RIVAL = Person(email="zed@rival.test", name="Zed", role="admin")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clients", type=int, default=12, help="How many people write while it is deployed anew.")


def pytest_configure(config: pytest.Config) -> None:
    """Here alone: schemathesis takes a second to import."""
    config.pluginmanager.import_plugin("schemathesis.pytest.plugin")


@dataclass
class Caller:
    """Someone who calls the API over real HTTP."""

    base_url: str
    token: str
    user_id: str = ""

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        content: str | bytes | None = None,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
    ) -> httpx.Response:
        authorization = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return HTTP.request(
            method,
            self.base_url + path,
            json=body,
            content=content,
            params=params,
            headers={**authorization, **(headers or {})},
        )

    def create(self, **fields: Any) -> dict[str, Any]:
        response = self("POST", "/escrows", {"propertyAddress": "1 Main St", **fields})
        assert response.status_code == 201, response.text
        return dict(response.json())

    def ticket(self) -> str:
        response = self("POST", "/realtime/tickets")
        assert response.status_code == 201, response.text
        return str(response.json()["url"])


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def for_everyone(record: dict[str, Any]) -> dict[str, Any]:
    """The record in an answer without what is said to its caller alone."""
    return {name: value for name, value in record.items() if name not in ("can", "warnings")}


def is_of_presence(commit: dict[str, Any]) -> bool:
    return bool(commit["by"] == "openhouse:presence")


def is_unlocking(commit: dict[str, Any]) -> bool:
    return all(event["type"].endswith(":unlocked") for event in commit["events"])


@dataclass
class RawSocket:
    """A socket without any client logic: what the server really says, frame by frame.

    Who comes and goes is told beside whatever a test is about: that is kept apart. So are ends of locks, of which
    those that other tests have left come minutes later.
    """

    connection: ClientConnection
    arrived: list[dict[str, Any]] = field(default_factory=list)  # commits, as they come
    hints: list[dict[str, Any]] = field(default_factory=list)  # who looks and types, as it was told
    presences: list[dict[str, Any]] = field(default_factory=list)  # events
    joined_at: dict[str, int] = field(default_factory=dict)  # seq of each room: what it says of earlier ones is late

    @property
    def commits(self) -> list[dict[str, Any]]:
        """Each once and in order: there are two lanes to a socket, which know nothing of each other."""
        news = [commit for commit in self.arrived if commit["seq"] > self.joined_at.get(commit["room"], 0)]
        known = {(commit["room"], commit["seq"]): commit for commit in news}
        return sorted(known.values(), key=lambda commit: (commit["at"], commit["room"], commit["seq"]))

    @property
    def times(self) -> Counter[tuple[str, int]]:
        """That each commit came."""
        return Counter((commit["room"], commit["seq"]) for commit in self.arrived)

    def say(self, text: str) -> None:
        self.connection.send(text)

    def read(self, timeout: float = PATIENCE) -> dict[str, Any]:
        deadline = time.monotonic() + timeout
        while True:
            frame = dict(json.loads(self.connection.recv(max(0.0, deadline - time.monotonic()))))
            self.hints += frame.get("ephemeral", [])
            if "commits" not in frame:
                return frame
            found = frame["commits"]
            frame["commits"] = [commit for commit in found if not is_of_presence(commit) and not is_unlocking(commit)]
            self.presences += [event for commit in found if is_of_presence(commit) for event in commit["events"]]
            self.arrived += frame["commits"]
            if frame["commits"]:
                return frame

    def ask(self, action: str, **content: Any) -> dict[str, Any]:
        self.say(json.dumps({"action": action, "id": "q", **content}))
        while True:
            frame = self.read()
            if "reply" in frame:
                return frame

    def until_silent(self, seconds: float = 1.0) -> None:
        """Reads what is still under way."""
        with suppress(TimeoutError):
            while True:
                self.read(seconds)

    def wait_for_commits(self, count: int) -> list[dict[str, Any]]:
        while len(self.commits) < count:
            self.read()
        return self.commits


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthesised app, of whichever worker comes first: it is the same for every emulator."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # of all workers of this run
    with (folder / "assembly.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made := folder / "assembly").exists():
            unfinished = folder / "unfinished-assembly"
            synthesise(unfinished, steps=Steps(), origins=(ORIGIN,))
            unfinished.rename(made)
    return made


@pytest.fixture(scope="session")
def stack(assembly: Path) -> Iterator[RunningStack]:
    with running_stack(emulator_port=free_port(), steps=Steps(), assembly=assembly) as running:
        seed(running.cloud, running.deployment)
        Operator(running.cloud, running.deployment).found("rival", "Rival", RIVAL, DEMO_PASSWORD)
        yield running
        decisions = running.emulator.decisions()
        note_decisions(decisions, stack_outputs(running.cloud.cloudformation()))
        assert not refused(decisions)


@pytest.fixture(scope="session")
def aws(stack: RunningStack) -> AwsLike:
    """For switching AWS's habits on in the stack's emulator."""
    return AwsLike(stack.emulator.url)


def on_aws(test: Callable[..., None]) -> Callable[..., None]:
    """A test that runs with AWS's delays, limits and habits."""
    imitated = pytest.mark.parametrize("conditions", [Conditions()], ids=["aws-like"], indirect=True)
    decorated: Callable[..., None] = pytest.mark.usefixtures("conditions")(imitated(test))
    return decorated


def on_aws_too(test: Callable[..., None]) -> Callable[..., None]:
    """A test that runs twice: on the emulator as it is, where all comes once and at once, and as `on_aws`."""
    twice = pytest.mark.parametrize("conditions", [None, Conditions()], ids=["emulator", "aws-like"], indirect=True)
    decorated: Callable[..., None] = pytest.mark.usefixtures("conditions")(twice(test))
    return decorated


@pytest.fixture
def conditions(request: pytest.FixtureRequest, aws: AwsLike) -> Iterator[Conditions | None]:
    """Those of `on_aws`. Whatever AWS does there, nobody is woken up for it and no function fails."""
    wanted: Conditions | None = getattr(request, "param", None)
    if wanted is None:
        yield None
        return
    with aws.on(**wanted.values()):
        yield wanted
        report = aws.report()
    assert (report.alarms, report.unknown_alarms) == ((), ())
    assert (report["functions.failed"], report["sockets.failed"]) == (0, 0), json.dumps(report.counts, indent=1)


@pytest.fixture(scope="session")
def caller(stack: RunningStack) -> Callable[[str], Caller]:
    """`caller("ava@demo.test")`: that person, signed in once."""
    known: dict[str, Caller] = {}
    endpoints = stack.deployment.endpoints

    def of(email: str) -> Caller:
        if email not in known:
            session = sign_in(endpoints, email, DEMO_PASSWORD)
            known[email] = Caller(endpoints.http_url, session.token, session.user_id)
        return known[email]

    return of


def hired(stack: RunningStack, email: str) -> Caller:
    """An agent of Ava's brokerage and of both teams, who was not there before."""
    hire(stack.cloud, stack.deployment, [Person(email=email, name="Kim", team_ids=("north", "south"))])
    endpoints = stack.deployment.endpoints
    session = sign_in(endpoints, email, DEMO_PASSWORD)
    return Caller(endpoints.http_url, session.token, session.user_id)


@pytest.fixture
def kim(stack: RunningStack) -> Caller:
    """Somebody for this test alone, and for this try of it: nothing is hers yet."""
    return hired(stack, f"{uuid4().hex}@demo.test")


@pytest.fixture
def ava(caller: Callable[[str], Caller]) -> Caller:
    return caller("ava@demo.test")


@pytest.fixture
def ben(caller: Callable[[str], Caller]) -> Caller:
    return caller("ben@demo.test")


@pytest.fixture
def nora(caller: Callable[[str], Caller]) -> Caller:
    """The lead of Ava's and Ben's team."""
    return caller("nora@demo.test")


@pytest.fixture
def mia(caller: Callable[[str], Caller]) -> Caller:
    return caller("mia@demo.test")


@pytest.fixture
def dana(caller: Callable[[str], Caller]) -> Caller:
    return caller("dana@demo.test")


@pytest.fixture
def admin(caller: Callable[[str], Caller]) -> Caller:
    return caller("admin@demo.test")


@pytest.fixture
def zed(caller: Callable[[str], Caller]) -> Caller:
    """Of another brokerage."""
    return caller(RIVAL.email)


@pytest.fixture
def opened(conditions: Conditions | None, aws: AwsLike) -> Iterator[Callable[[Caller], RawSocket]]:
    """`opened(ava)`: an open socket of hers, in no room yet. No commit comes there more often than it was tried."""
    sockets: list[RawSocket] = []
    with ExitStack() as at_the_end:

        def open_one(caller: Caller) -> RawSocket:
            connection = at_the_end.enter_context(connect(caller.ticket(), open_timeout=PATIENCE, ping_interval=None))
            sockets.append(RawSocket(connection))
            return sockets[-1]

        yield open_one
    if conditions is not None:
        tries = 2 + aws.report().retries  # there are two lanes
        assert all(times <= tries for socket in sockets for times in socket.times.values())


@pytest.fixture
def joined(opened: Callable[[Caller], RawSocket]) -> Callable[[Caller], RawSocket]:
    """`joined(ava)`: an open socket that is in all of Ava's rooms."""

    def of(caller: Caller) -> RawSocket:
        socket = opened(caller)
        reply = socket.ask("sync")
        assert reply["ok"]
        socket.joined_at = {room: position["seq"] for room, position in reply["rooms"].items()}
        return socket

    return of


@pytest.fixture
def expired_token(stack: RunningStack) -> str:
    """A token that the pool itself issued, and that has ended: for a moment, its tokens last a second."""
    cognito, endpoints = stack.cloud.cognito(), stack.deployment.endpoints

    def tokens_last(count: int, unit: Literal["seconds", "minutes"]) -> None:
        cognito.update_user_pool_client(
            UserPoolId=endpoints.user_pool_id,
            ClientId=endpoints.client_id,
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
            IdTokenValidity=count,
            TokenValidityUnits={"IdToken": unit},
        )

    tokens_last(1, "seconds")
    try:
        session = sign_in(endpoints, "josh@demo.test", DEMO_PASSWORD)
    finally:
        tokens_last(60, "minutes")
    ends_at = jwt.decode(session.token, options={"verify_signature": False})["exp"]
    while time.time() <= ends_at:  # which is said in whole seconds
        time.sleep(0.05)
    return session.token
