"""What is lost when the network breaks for some seconds for half of the clients, while messages go on."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bench.api_gateway import ApiGateway, api_gateway
from bench.backend import TEAM, Backend, backend
from bench.command import Result
from bench.node import Program, program
from bench.proxy import Proxy
from bench.report import paragraph, table
from deployed.terminal import CommandFailed, Steps
from openhouse_client.listener import Listener, Status
from openhouse_client.protocol import Commit
from openhouse_client.rest import Ticket
from openhouse_client.session import Session

CLIENTS = 20
RATE = 10  # messages a second
DEFAULTS, RECOVERY, OURS = "Socket.IO, defaults", "Socket.IO, connectionStateRecovery", "ours"
PATIENCE = 60.0  # seconds until everyone is connected, or has what is still to come


@dataclass(frozen=True)
class Plan:
    """In seconds. `after`: as long as it may take until the last client has tried again."""

    before: float = 1.0
    broken: float = 5.0
    after: float = 9.0


QUICK = Plan(before=0.3, broken=0.5, after=1.0)


class Ears(Listener):
    def __init__(self) -> None:
        self.seqs: list[int] = []

    def commit(self, commit: Commit) -> None:
        self.seqs.append(commit.position.seq)


def measure(quick: bool, steps: Steps) -> Result:
    plan = QUICK if quick else Plan()
    with (
        steps.step(f"a break of {plan.broken:g} s for half of {CLIENTS} clients"),
        ExitStack() as processes,
    ):
        api = processes.enter_context(api_gateway())
        ours = processes.enter_context(backend(api))
        servers = {
            DEFAULTS: processes.enter_context(program("socket_io_server.mjs")),
            RECOVERY: processes.enter_context(program("socket_io_server.mjs", "recovery")),
        }
        receivers = processes.enter_context(program("receivers.mjs"))
        seqs, sent = asyncio.run(_broken(plan, api, ours, servers, receivers))
    kinds = {kind: losses(all_seqs, sent) for kind, all_seqs in seqs.items()}
    return {"clients": CLIENTS, "sent": len(sent), "broken": plan.broken, "kinds": kinds}


def losses(clients: Sequence[Collection[int]], sent: Collection[int]) -> dict[str, int]:
    """Of the steady half, of the one that was cut off, and what came twice."""
    half = len(clients) // 2
    lost = [len(set(sent) - set(seqs)) for seqs in clients]
    return {
        "steady": sum(lost[:half]),
        "cut": sum(lost[half:]),
        "worst": max(lost),
        "twice": sum(len(seqs) - len(set(seqs)) for seqs in clients),
    }


async def _broken(
    plan: Plan, api: ApiGateway, ours: Backend, servers: Mapping[str, Program], receivers: Program
) -> tuple[dict[str, list[list[int]]], list[int]]:
    """What each client of each kind had, and what was sent."""
    # A gateway is one thread's.
    with ThreadPoolExecutor(1) as backstage, ThreadPoolExecutor(1) as listening:
        loop = asyncio.get_running_loop()
        async with AsyncExitStack() as network:
            proxies: list[Proxy] = []

            async def halves(port: int) -> list[int]:
                """The ports that the clients of a server use: its own, and one that can be broken."""
                proxy = await network.enter_async_context(Proxy(port).running())
                proxies.append(proxy)
                return [port] * (CLIENTS // 2) + [proxy.port] * (CLIENTS - CLIENTS // 2)

            for kind, server in servers.items():
                started = await loop.run_in_executor(listening, server.hear)
                urls = [f"http://127.0.0.1:{port}" for port in await halves(started["port"])]
                receivers.tell(open="socket.io", **{"as": kind}, urls=urls)
                while (await loop.run_in_executor(listening, receivers.hear)).get("opened") != kind:
                    pass
            ears = [Ears() for _ in range(CLIENTS)]
            ports = await halves(api.port)
            sessions = [_session(ours, port, ear) for port, ear in zip(ports, ears, strict=True)]
            async with _running(sessions):
                sending = asyncio.create_task(_send(plan, backstage, ours, servers))
                await asyncio.sleep(plan.before)
                for proxy in proxies:
                    proxy.cut()
                await asyncio.sleep(plan.broken)
                for proxy in proxies:
                    await proxy.mend()
                sent = await sending
                await _until(lambda: all(len(ear.seqs) >= len(sent) for ear in ears))
                receivers.tell(report=True)
                while "seqs" not in (told := await loop.run_in_executor(listening, receivers.hear)):
                    pass
        return {**told["seqs"], OURS: [ear.seqs for ear in ears]}, sent


def _session(ours: Backend, port: int, ears: Ears) -> Session:
    async def ticket(*, fresh: bool = False) -> Ticket:  # noqa: ARG001 - there is no token that could end
        text = ours.ticket()
        return Ticket(f"ws://127.0.0.1:{port}/live?ticket={text}", text, datetime.now(UTC) + timedelta(hours=1))

    return Session(ticket, ears)


@asynccontextmanager
async def _running(sessions: Sequence[Session]) -> AsyncIterator[None]:
    """Connected, until the end of the block."""
    async with asyncio.TaskGroup() as tasks:
        for session in sessions:
            tasks.create_task(session.run())
        await _until(lambda: all(session.state.status is Status.CONNECTED for session in sessions))
        try:
            yield
        finally:
            await asyncio.gather(*(session.close() for session in sessions))


async def _send(plan: Plan, backstage: ThreadPoolExecutor, ours: Backend, servers: Mapping[str, Program]) -> list[int]:
    loop = asyncio.get_running_loop()
    began, sent = loop.time(), []
    while loop.time() < began + plan.before + plan.broken + plan.after:
        commit = await loop.run_in_executor(backstage, partial(_commit, ours))
        for server in servers.values():
            server.say(commit)
        sent.append(int(json.loads(commit)["seq"]))
        await asyncio.sleep(max(0.0, began + len(sent) / RATE - loop.time()))
    return sent


def _commit(ours: Backend) -> str:
    ours.commit(TEAM, {"type": "escrow:updated", "data": {"at": time.monotonic_ns()}})
    commit = ours.table.entries[-1].commit
    ours.deliver()
    assert commit is not None
    return commit


async def _until(condition: Any) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - it is not what is measured
                await asyncio.sleep(0.01)
    except TimeoutError as error:
        raise CommandFailed(f"Not everyone is connected, or has everything, after {PATIENCE:.0f} s.") from error


def report(result: Mapping[str, Any]) -> str:
    rows = [
        [kind, *(f"{found[name]:,}" for name in ("cut", "worst", "steady", "twice"))]
        for kind, found in result["kinds"].items()
    ]
    half = result["clients"] // 2
    about = paragraph(
        f"Messages lost in a break of {result['broken']:g} s of the network for {half} of {result['clients']} clients, "
        f"while {result['sent']} messages were sent, {RATE} a second:"
    )
    why = paragraph(
        "By default Socket.IO loses whatever is sent until a client is back. With connectionStateRecovery its server "
        "keeps recent messages in the memory of its one process, for two minutes unless told otherwise: what is older "
        "is lost, and everything when that process ends. Ours asks the room's log, which keeps a week."
    )
    titles = ["", f"by {half} cut off", "by one, at most", "by the steady", "received twice"]
    return f"{about}\n\n{table(titles, rows)}\n\n{why}"
