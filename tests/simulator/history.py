"""One history: what happens to whom in which order, and then quiet, in which everything must come right by itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from openhouse_client.room import HELD
from tests.simulator.administrators import Administrators
from tests.simulator.checks import Checks
from tests.simulator.choices import Choices
from tests.simulator.clients import Clients
from tests.simulator.device import Device
from tests.simulator.failures import nothing_escapes
from tests.simulator.lockers import Lockers
from tests.simulator.log import Log, nobody
from tests.simulator.onlookers import Onlookers
from tests.simulator.operators import lose_entries, rebuild, sweep
from tests.simulator.people import People
from tests.simulator.quiet import Quiet
from tests.simulator.readers import Readers
from tests.simulator.stream import POISON
from tests.simulator.world import DEAL, REAL, Parts, World

LENGTHS = (15, 35, 55)  # in steps
ONE_IN = 3  # histories in which people lock records: the others are what they were before there were locks
WEEK, MONTH = 7 * 24 * 3600, 31 * 24 * 3600


class History:
    """`log(device)`: where to note what it does. `roomy`: each holds back as much as a client usually does."""

    def __init__(
        self,
        choices: Choices,
        *,
        parts: Parts = REAL,
        say: Callable[[str], None] = lambda _words: None,
        log: Callable[[str], Log] = lambda _device: nobody,
        roomy: bool = False,
    ) -> None:
        self.choices = choices
        self.world = World(choices, say, parts)
        self.checks = Checks(self.world)
        self.people = People(self.world, self.checks)
        self.lockers = Lockers(self.world, self.people, self.checks.records.locks)
        self.administrators = Administrators(self.world)
        self.readers = Readers(self.world, self.people, self.checks.records)
        self.clients = Clients(self.world, self.people, self.checks.records, self.checks.hints)
        self.onlookers = Onlookers(self.world, self.clients) if parts.onlookers else None
        self.quiet = Quiet(self.world, self.checks, self.administrators, self.clients)
        self.world.functions.meanwhile = self._meanwhile
        for number, user_id in enumerate(("ava", "dana", "ben", "zed")[: 2 + choices.below(3)]):
            held = (HELD, 2)[choices.below(2)]
            device = parts.device(
                f"{user_id}'s client", user_id, DEAL.noun, log(f"{number}-{user_id}"), capacity=HELD if roomy else held
            )
            self.world.devices.append(device)
            self.clients.may_see(device)
        self.world.lane.open = choices.chance(50)
        number = choices.below(len(LENGTHS) * ONE_IN)
        self._steps, self._locks = LENGTHS[number // ONE_IN], number % ONE_IN == ONE_IN - 1
        self.world.functions.mortal = choices.chance(60)
        self.world.sockets.reliable = not choices.chance(60)
        self._actions, self._weights = self._weighted(operators=choices.chance(50))

    def run(self) -> None:
        """Raises Failure."""
        with nothing_escapes():
            self._begin()
            for _ in range(self._steps):
                self._step()
            self.quiet.come()
            if self.onlookers:
                self.onlookers.meet()

    def _begin(self) -> None:
        """There is something to see, and everyone sees it."""
        self.world.functions.calm = True
        for device in self.world.devices[:2]:  # the others come in between
            self.clients.connect(device)
        for _ in range(3):
            self.people.create()
        self.quiet.drain(self.world.devices[:2])
        self.world.functions.calm = False

    # Anything may happen ---------------------------------------------------------------------------------------------

    def _weighted(self, *, operators: bool) -> tuple[list[Callable[[], None]], list[int]]:
        """The simplest first. What heals everything, or breaks it, is rare."""
        people, world = self.people, self.world
        weights: dict[Callable[[], None], int] = {
            lambda: None: 1,
            self._carry: 16,
            self._client_acts: 12,
            self._serve: 12,
            self._stream: 14,
            self._worker: 6,
            self._hasten: 8,
            self._answer: 5,
            self._take_answer: 5,
            people.change: 10,
            self._change_that_is_posted_at_once: 10,
            people.create: 6,
            people.move: 6,
            people.shut: 3,
            people.give: 2,
            people.delete: 4,
            people.recover: 4,
            people.reopen: 2,
            self.readers.read: 2,
            self._ping: 5,
            self._beat: 6,
            self._timer: 5,
            self._goodbye: 2,
            self._notice: 3,
            self._prolong: 1,
            self._change_over: 2,
            self._hang_up: 1,
            self._come_back: 4,
            self._api_gateway_closes: 1,
            self.administrators.change_teams: 3,
            lambda: world.clock.pass_(1 + self.choices.below(40)): 3,
        }
        if world.functions.mortal:
            weights |= {self._outage: 2}
        if self._locks:
            lockers = self.lockers
            weights |= {lockers.take: 14, lockers.release: 5, lockers.timer: 6, people.change: 16}
            weights |= {lambda: world.clock.pass_(self.choices.pick((100, 299, 301, 303))): 3}
        if operators:
            weights |= {self._an_hour_passes: 1, lambda: sweep(world): 1, lambda: lose_entries(world): 1}
            weights |= {self._poison: 1, lambda: rebuild(world): 1}
        if self.onlookers:
            weights |= {self.onlookers.look: 24, self.onlookers.type: 8}
        return list(weights), list(accumulate(weights.values()))

    def _step(self) -> None:
        number = self.choices.below(self._weights[-1])
        self._actions[bisect_right(self._weights, number)]()

    def _meanwhile(self) -> None:
        """In the middle of something else: rather what would get in its way."""
        if self.choices.chance(50):
            self._step()
        else:
            people = self.people
            rivals: tuple[Callable[[], None], ...] = (
                self._change_that_is_posted_at_once,
                people.change,
                people.move,
                self._serve,
                self.administrators.change_teams,
                people.recover,
                people.delete,
            )
            if self._locks:
                rivals = (*rivals, self.lockers.take, self.lockers.take, self.lockers.release, self.lockers.timer)
            self.choices.pick(rivals)()

    def _device(self) -> Device:
        return self.choices.pick(self.world.devices)

    def _carry(self) -> None:
        if waiting := self.world.sockets.receiving:
            socket = self.choices.pick(waiting)
            if self.choices.chance(40):
                self.clients.carry_all(socket)
            else:
                self.clients.carry(socket)

    def _client_acts(self) -> None:
        device = self._device()
        if not (device.syncing and device.stuck and self.choices.chance(30)):
            self.clients.act(device)
        else:  # no reply within ten seconds
            self.clients.hang_up(device)

    def _serve(self) -> None:
        if waiting := self.world.sockets.sending:
            self.clients.serve(self.choices.pick(waiting))

    def _stream(self) -> None:
        if waiting := self.world.stream.waiting:
            self.world.stream.invoke(self.choices.pick(waiting))

    def _change_that_is_posted_at_once(self) -> None:
        """As long as nothing goes wrong, that is the rule."""
        self.choices.pick((self.people.change, self.people.create, self.people.move))()
        if not self.choices.chance(30):
            self._hasten()
        for shard in self.world.stream.shards:
            if shard in self.world.stream.waiting:
                self.world.stream.invoke(shard)
        self._worker()

    def _hasten(self) -> None:
        if self.world.lane.waiting:
            self.world.lane.invoke()

    def _worker(self) -> None:
        if self.world.shard_tasks.waiting:
            self.world.shard_tasks.invoke()

    def _answer(self) -> None:
        device = self._device()
        if waiting := [each for each in device.requests if each.answer is None and not each.busy]:
            self.clients.answer(device, self.choices.pick(waiting))

    def _take_answer(self) -> None:
        device = self._device()
        if waiting := [each for each in device.requests if each.answer is not None]:
            device.take(self.choices.pick(waiting))

    def _ping(self) -> None:
        self.clients.ping(self._device())

    def _beat(self) -> None:
        device = self._device()
        device.active = device.active is not self.choices.chance(20)
        self.clients.beat(device)

    def _timer(self) -> None:
        """One that is due, or will be: then time passes."""
        queue = self.world.timer_queue
        if not queue.due and queue.next_due is not None:
            self.world.clock.pass_((queue.next_due - self.world.clock.now).total_seconds())
        if due := queue.due:
            queue.invoke(self.choices.pick(due))

    def _goodbye(self) -> None:
        if self.world.sockets.goodbyes:
            self.clients.say_goodbye()

    def _notice(self) -> None:
        self.clients.notice(self._device())

    def _prolong(self) -> None:
        self.clients.prolong(self._device())

    def _change_over(self) -> None:
        device = self._device()
        if not device.lacking:
            self.clients.connect(device)

    def _hang_up(self) -> None:
        self.clients.hang_up(self._device())

    def _come_back(self) -> None:
        """On another socket, at once."""
        device = self._device()
        self.clients.hang_up(device)
        self.clients.connect(device)
        if self.clients.act(device) and device.socket is not None and device.socket.up:
            self.clients.serve(device.socket)

    def _api_gateway_closes(self) -> None:
        socket = self._device().socket
        if socket is not None:
            self.world.say(f"API Gateway closes {socket.id}")
            self.world.sockets.end(socket)

    def _an_hour_passes(self) -> None:
        if self.choices.chance(70):
            seconds = self.choices.pick((3_600, WEEK, 3_600, MONTH))
            self.world.say(f"{seconds} seconds pass")
            self.world.clock.pass_(seconds)

    def _outage(self) -> None:
        """Of a service that those who deliver cannot do without."""
        name = self.choices.pick(("fanout", "worker", "fast_lane"))
        self.world.functions.outages[name] = 1 + self.choices.below(6)
        self.world.say(f"the {name} will fail {self.world.functions.outages[name]} times")

    def _poison(self) -> None:
        """Something else than a commit comes to stand in a log."""
        waiting = [record for shard in self.world.stream.waiting for record in shard.records]
        if waiting:
            record = self.choices.pick(waiting)
            self.world.say(f"{record.place[0]}#{record.place[2]} is overwritten with garbage")
            record.poisoned = True
            if self.world.table.peek(record.item) is not None:
                self.world.table.put({**record.item, "commit": POISON})
            self.world.sockets.lose(self.world.sockets.all)
