"""What is examined of AWS, one small object each: its name, what it settles, and how it is found out."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from itertools import pairwise
from statistics import median, quantiles
from typing import Any

from botocore.exceptions import ClientError

from cli.account import Account
from cli.doctor.check import PATIENCE, Check, Examination, NotTold, NotWell, joined, ms, tells_of
from cli.doctor.features import FEATURES
from cli.doctor.line import Line
from cli.doctor.visitor import NOUN, PATH
from deployed.signed_in import signed_in
from openhouse.rooms.gateway import LARGEST_FRAME_BYTES, Delivery, Frame, Outcome, post_one
from openhouse_client.websocket import open_websocket

SILENCE = 2.0  # seconds after which a message that may stay unanswered is taken for such a one
CHANGES = 20  # whose way to a socket is timed
BURST_SOCKETS = 10
SIZES = (32 * 1024, LARGEST_FRAME_BYTES)  # bytes: what a message is billed by, and the most that we send
BEYOND = (128 * 1024, 128 * 1024 + 1)  # what AWS documents as the most, and one byte more: nothing depends on either
ENOUGH_FUNCTIONS = 100  # at a time: with fewer, requests and the fan-out wait for each other
RESERVED = ("$connect", "$disconnect", "$default")


async def quotas(examination: Examination) -> str:
    try:
        account = await asyncio.to_thread(Account.read, examination.visitor.cloud)
    except ClientError as error:
        raise NotTold(f"the account's quotas cannot be read: {error.response['Error']['Code']}") from error
    known = account.requests_per_second
    requests = "requests a second not known" if known is None else f"{known:,} requests a second"
    found = f"{account.functions_at_a_time:,} functions at a time, {requests}"
    if account.functions_at_a_time < ENOUGH_FUNCTIONS:
        raise NotWell(found)
    return found


async def sign_in(examination: Examination) -> str:
    visitor = examination.visitor
    await asyncio.to_thread(visitor.arrive)
    began = time.perf_counter()
    examination.rest = await examination.at_the_end.enter_async_context(
        signed_in(visitor.deployment.endpoints, visitor.person.email, visitor.password)
    )
    await examination.rest.me()
    first = time.perf_counter() - began
    began = time.perf_counter()
    await examination.rest.me()
    return f"{ms(first)} with the first request, {ms(time.perf_counter() - began)} for the next one"


async def socket(examination: Examination) -> str:
    rest, moments = examination.calls(), [time.perf_counter()]
    ticket = await rest.ticket()
    moments.append(time.perf_counter())
    line = Line(await open_websocket(ticket.url))
    examination.at_the_end.push_async_callback(line.close)
    moments.append(time.perf_counter())
    await joined(line, {})
    moments.append(time.perf_counter())
    examination.line = line
    ticket_ms, open_ms, sync_ms = (ms(after - before) for before, after in pairwise(moments))
    return f"ticket {ticket_ms}, socket {open_ms}, sync {sync_ms}"


async def frames(examination: Examination) -> str:
    """From the start of a PATCH until its commit is at a socket."""
    rest, line = examination.calls(), examination.socket()
    record = await rest.create(PATH, {"propertyAddress": "1 Doctor Way"})
    examination.record_id = record["id"]
    await line.until(tells_of(NOUN, record["id"], 1), PATIENCE)
    answered: list[float] = []
    arrived: list[float] = []
    for number in range(CHANGES):
        began = time.perf_counter()
        changed = await rest.patch(PATH, record["id"], {"purchasePriceCents": 42_500_000 + number})
        answered.append(time.perf_counter() - began)
        try:
            arrival = await line.until(tells_of(NOUN, record["id"], changed["version"]), PATIENCE)
        except TimeoutError as error:
            raise NotWell(f"change {number + 1} of {CHANGES} had not come after {PATIENCE:.0f} s") from error
        arrived.append(arrival.at - began)
    worst = quantiles(arrived, n=20, method="inclusive")[-1]
    return f"p50 {ms(median(arrived))}, p95 {ms(worst)} of {CHANGES} changes; answered in {ms(median(answered))}"


async def sizes(examination: Examination) -> str:
    """Posted by AWS's own client, which tells how a post was refused."""
    visitor, line = examination.visitor, examination.socket()
    (connection_id,) = await asyncio.to_thread(visitor.sockets)
    client = visitor.cloud.session.client("apigatewaymanagementapi", endpoint_url=visitor.callback_url)

    async def post(size: int) -> str:
        """How it was refused; empty when it came."""
        try:
            await asyncio.to_thread(client.post_to_connection, ConnectionId=connection_id, Data=_filled(size))
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        arrival = await line.until(lambda frame: frame.get("doctor") == size, PATIENCE)
        if arrival.size != size:
            raise NotWell(f"of {size:,} bytes {arrival.size:,} came")
        return ""

    for size in SIZES:
        if code := await post(size):
            raise NotWell(f"{size:,} bytes are refused: {code}")
    more = [f"{size:,} {f'refused as {code}' if (code := await post(size)) else 'taken'}" for size in BEYOND]
    return f"{' and '.join(f'{size:,}' for size in SIZES)} bytes came whole; {', '.join(more)}"


async def reserved(examination: Examination) -> str:
    """Messages that name API Gateway's own routes: what it makes of them, and that the socket outlives them."""
    line, heard = await examination.open(), []
    for action in RESERVED:
        before = len(line.arrivals)
        await line.say(action=action, id=action)
        try:
            answer = await line.until(_answers, SILENCE, after=before)
            heard.append(f"{action} {_brief(answer.frame)}")
        except TimeoutError:
            heard.append(f"{action} nothing")
    try:
        reply = await line.ask("ping", patience=PATIENCE)
    except TimeoutError as error:
        raise NotWell(f"the socket is silent after them; answers: {', '.join(heard)}") from error
    if not reply.get("ok"):
        raise NotWell(f"after them the reply to `ping` is {json.dumps(reply)}")
    return f"answers: {', '.join(heard)}"


async def burst(examination: Examination) -> str:
    """By our own poster, with the operator's credentials, from where this runs."""
    visitor = examination.visitor
    before = await asyncio.to_thread(visitor.sockets)
    lines = [await examination.open() for _ in range(BURST_SOCKETS)]
    ids = sorted(await asyncio.to_thread(visitor.sockets) - before)
    each = max(1, examination.posts // len(ids))
    bodies = [Frame(json.dumps({"burst": number}).encode()) for number in range(each)]
    began = time.perf_counter()
    (missed,) = await asyncio.to_thread(visitor.gateway.post, [Delivery(ids, bodies)])
    took = time.perf_counter() - began
    if missed:
        outcomes = {outcome.value for outcome in missed.values()}
        raise NotWell(f"{len(missed)} of {len(ids)} sockets did not get all their {each} frames: {', '.join(outcomes)}")
    for line in lines:
        await line.until(lambda frame: frame.get("burst") == each - 1, PATIENCE)
        if [arrival.frame["burst"] for arrival in line.arrivals if "burst" in arrival.frame] != [*range(each)]:
            raise NotWell("frames of one socket came out of order, or more than once")
    return f"{each * len(ids):,} posts in {took:.1f} s, {each * len(ids) / took:,.0f} a second, all in order"


async def gone(examination: Examination) -> str:
    """How soon after its end a socket is known to be gone."""
    visitor = examination.visitor
    before = await asyncio.to_thread(visitor.sockets)
    line = await examination.open()
    (connection_id,) = await asyncio.to_thread(visitor.sockets) - before
    await line.close()
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < PATIENCE:
        outcome = await asyncio.to_thread(post_one, visitor.gateway, connection_id, [Frame(b"{}")])
        if outcome is Outcome.GONE:
            return f"410 {ms(passed)} after the end"
        if outcome is not Outcome.DELIVERED:
            raise NotWell(f"a post to a closed socket is {outcome.value}")
    raise NotWell(f"posts to a closed socket are taken for {PATIENCE:.0f} s")


CHECKS: Sequence[Check] = (
    Check(
        "quotas",
        "how many functions at a time and requests a second AWS gives this account",
        "Ask for 1,000 in Service Quotas, Lambda, Concurrent executions (L-B99A9384).",
        quotas,
    ),
    Check(
        "sign-in",
        "whether Cognito lets people in, and how long the first request after a while takes",
        "Look at the log groups of the functions `authorizer` and `directory`, and whether the pool takes passwords.",
        sign_in,
        essential=True,
    ),
    Check(
        "socket",
        "whether a ticket opens a socket, and a socket enters its rooms",
        "Look at the log groups of `authorizer` and `socket`, and at the access log of the WebSocket API.",
        socket,
        essential=True,
    ),
    Check(
        "frames",
        "how long a change takes to a colleague's screen, with Lambda's polling of the stream in it",
        "Look at the log group of `fanout`, and at the alarms: docs/operations.md says what each means.",
        frames,
    ),
    Check(
        "sizes",
        "whether `@connections` takes messages of 32, 120 and 128 KB, and delivers each as one",
        "Your credentials need execute-api:ManageConnections. If a size is refused, LARGEST_FRAME_BYTES is to be less.",
        sizes,
    ),
    Check(
        "reserved actions",
        "what API Gateway makes of messages that name its own routes",
        "Somebody's message can end their socket: look at the log group of `socket` for what it was taken for.",
        reserved,
    ),
    Check(
        "burst",
        "whether the account takes a burst of posts without throttling, and keeps their order",
        "Set postsPerSecond in cdk.json to less and deploy, or ask for more: Service Quotas, API Gateway, L-8A5B8E43.",
        burst,
    ),
    Check(
        "gone",
        "how soon a post to a closed socket is answered with 410",
        "Rows of closed sockets stay until they expire, and each is posted to in vain: report it.",
        gone,
    ),
    *FEATURES,
)


def _filled(size: int) -> bytes:
    """A frame of exactly so many bytes."""
    empty = len(json.dumps({"doctor": size, "fill": ""}))
    return json.dumps({"doctor": size, "fill": "x" * (size - empty)}).encode()


def _answers(frame: Any) -> bool:
    """Whether it may be one: that somebody comes or goes is told meanwhile."""
    return "commits" not in frame and "ephemeral" not in frame


def _brief(frame: Any) -> str:
    if "error" in frame:
        return str(frame["error"].get("code"))
    return str(frame.get("message") or ("ok" if frame.get("ok") else json.dumps(frame)))
