"""Quiet: nothing breaks any more, and everything must come right by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from openhouse.collaboration.sightings import BEAT_SECONDS
from tests.simulator.administrators import Administrators
from tests.simulator.attendance import told_is_true
from tests.simulator.checks import Checks
from tests.simulator.clients import Clients
from tests.simulator.device import Device
from tests.simulator.failures import Failure
from tests.simulator.log import nobody
from tests.simulator.world import DEAL, World

T = TypeVar("T")

ROUNDS = 400  # of a rest; one that takes longer never ends
PINGS = 5  # rounds in which everyone asks once where the logs end, until all is well


class Quiet:
    def __init__(self, world: World, checks: Checks, administrators: Administrators, clients: Clients) -> None:
        self._world = world
        self._checks = checks
        self._administrators = administrators
        self._clients = clients

    def come(self) -> None:
        world, checks = self._world, self._checks
        world.functions.calm = True
        world.say("-- quiet: nothing breaks any more, nobody asks where the logs end")
        self._administrators.repeat_unfinished()
        self.drain(world.devices)
        checks.tasks_done()
        checks.posts_are_few()
        for device in world.devices:
            if device.clean and checks.is_served(device):
                checks.is_up_to_date(device, "behind, though nothing was lost")
        world.say("-- everyone asks where the logs end")
        for _ in range(PINGS):
            for device in world.devices:
                self._clients.ping(device)
            self.drain(world.devices)
            wrong = [f"{device.name}: {found}" for device in world.devices if (found := checks.differences(device))]
            if not wrong:
                break
        else:
            raise Failure("not the server's state in the end", "; ".join(wrong))
        for device in world.devices:
            device.log({"expect": {"records": device.cache.all(DEAL.noun), "positions": _wire(device)}})
        checks.log_is_what_callers_were_told()
        checks.records.at_rest()
        if world.choices.chance(30):  # as it takes as long as a third of all the rest
            self._some_leave()

    def _some_leave(self) -> None:
        """Without a word. The others stay, and all of that is known before long."""
        world, staying = self._world, list[Device]()
        for device in world.devices:
            device.log = nobody  # what it was told of records ends here
        self._a_while_passes(world.devices)
        for device in world.devices:
            if world.choices.chance(40):
                self._clients.hang_up(device)
            else:
                device.active = not world.choices.chance(40)
                staying.append(device)
        for _ in range(3):
            self._a_while_passes(staying)
        told_is_true(world, self._checks, staying)

    def _a_while_passes(self, devices: Sequence[Device]) -> None:
        for device in devices:
            self._clients.beat(device)
        self.drain(devices)
        self._world.clock.pass_(BEAT_SECONDS - 5)
        self.drain(devices)

    def drain(self, devices: Sequence[Device]) -> None:
        """Everything that is under way arrives, and clients do what they know they have to."""
        for _ in range(ROUNDS):
            if not self._round(devices) and not self._wake_the_stuck():
                return
        raise Failure("no rest", "clients and server keep each other busy")

    def _round(self, devices: Sequence[Device]) -> bool:
        """Whether there was anything to do."""
        world, clients = self._world, self._clients
        done = [
            _each([world.lane] if world.lane.waiting else [], lambda lane: lane.invoke()),
            _each(world.stream.waiting, world.stream.invoke),
            _each(world.timer_queue.due, world.timer_queue.invoke),
            _each([world.shard_tasks] if world.shard_tasks.waiting else [], lambda tasks: tasks.invoke()),
            _each(list(world.sockets.goodbyes), lambda _: clients.say_goodbye()),
            _each(world.sockets.sending, clients.serve),
            _each(world.sockets.receiving, clients.carry_all),
        ]
        done += [
            any([self._answers(device), self._hears_of_its_end(device), clients.act(device)]) for device in devices
        ]
        return any(done)

    def _answers(self, device: Device) -> bool:
        """What it asked for is read, and comes."""
        requests = list(device.requests)
        for request in requests:
            if request.answer is None:
                self._clients.answer(device, request)
        for request in requests:
            if request.answer is not None and request in device.requests:
                device.take(request)
        return bool(requests)

    def _hears_of_its_end(self, device: Device) -> bool:
        ended = device.socket is not None and not device.socket.open
        self._clients.notice(device)
        return ended

    def _wake_the_stuck(self) -> bool:
        stuck = [device for device in self._world.devices if device.stuck]
        return _each(stuck, self._clients.hang_up)


def _each(things: Sequence[T], do: Callable[[T], object]) -> bool:
    """Whether there was any."""
    for thing in things:
        do(thing)
    return bool(things)


def _wire(device: Device) -> dict[str, object]:
    return {room: position.wire() for room, position in device.feed.positions().items()}
