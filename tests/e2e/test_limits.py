"""On sockets that API Gateway ends, but within seconds: the idle ones, and the old ones."""

from __future__ import annotations

import asyncio
from functools import partial

from local.aws_like.client import AwsLike
from openhouse_client.environment import Timings
from openhouse_client.listener import Status
from tests.e2e.conftest import PATIENCE, Caller
from tests.e2e.listening import Listening, listening

LONG = 3_600.0


async def equals_the_server(listener: Listening) -> bool:
    heads = (await listener.rest.page("escrows", limit=1)).positions
    await listener.until(partial(listener.reached, heads))
    return listener.heard_each_once(heads) and listener.held() == await listener.fresh()


def test_a_session_outlives_socket_after_socket_and_nobody_notices(ava: Caller, ben: Caller, aws: AwsLike) -> None:
    async def run() -> None:
        async with listening(ben, timings=Timings(rotate=3, gap=PATIENCE, reply=PATIENCE)) as listener:
            made = await asyncio.to_thread(ava.create)
            number = 0
            while len(listener.cable.tries) < 12:
                number += 1
                await asyncio.to_thread(ava, "PATCH", f"/escrows/{made['id']}", {"notes": f"note {number}"})
            assert await equals_the_server(listener)
            assert len(listener.told_by(ava)) == number + 1
            assert listener.statuses == [Status.CONNECTING, Status.CONNECTED]
            assert listener.recoveries == []
        assert aws.report().total("sockets.cut") == 0

    with aws.on(socket_seconds=25, habits=0):
        asyncio.run(run())


def test_a_session_with_nothing_to_say_is_never_idle(ava: Caller, ben: Caller, aws: AwsLike) -> None:
    async def run() -> None:
        async with listening(ben, timings=Timings(silence=0.5, reply=PATIENCE)) as listener:
            await asyncio.sleep(15)
            assert (len(listener.cable.tries), aws.report().total("sockets.cut")) == (1, 0)
            await asyncio.to_thread(ava.create)
            assert await equals_the_server(listener)
            assert listener.statuses == [Status.CONNECTING, Status.CONNECTED]

    with aws.on(idle_seconds=10, habits=0):  # twenty pings: some may be slow
        asyncio.run(run())


def test_a_session_that_was_idle_too_long_comes_back_with_all_that_was_committed_meanwhile(
    ava: Caller, ben: Caller, aws: AwsLike
) -> None:
    async def run() -> None:
        async with listening(ben, timings=Timings(silence=LONG)) as listener:
            listener.cable.plugged = False  # or it would be back before anyone has changed anything
            listener.states.clear()
            await listener.until(lambda: bool(listener.states))
            assert aws.report()["sockets.cut.idle"] == 1
            assert listener.states[0].status is Status.OFFLINE
            assert listener.states[0].reason == "the server closed the socket (1001: Going away)"
            for _ in range(3):
                await asyncio.to_thread(ava.create)
            listener.cable.mend()
            await listener.until(lambda: listener.statuses[-1] is Status.CONNECTED)
            assert await equals_the_server(listener)
            assert {"team:north": 3} in [recovered.missed for recovered in listener.recoveries]

    with aws.on(idle_seconds=4, habits=0):
        asyncio.run(run())
