"""People who look at records and type in them, over the sockets of their clients."""

from __future__ import annotations

from openhouse.storage.keys import RecordPlace
from tests.simulator.clients import Clients
from tests.simulator.device import Device
from tests.simulator.failures import Failure
from tests.simulator.view import all_records, records_of
from tests.simulator.world import World

FIELDS = ("city", "status", None)
A_WHILE = 11  # seconds, after which nobody's look counts any more


class Onlookers:
    def __init__(self, world: World, clients: Clients) -> None:
        self._world = world
        self._choices = world.choices
        self._clients = clients

    def look(self) -> None:
        """At something, which may be hidden from them, or elsewhere by now; mostly at what others look at."""
        if (device := self._device()) and (record_id := self._record()):
            device.send_view(record_id, leave=self._choices.chance(10))
            self._serve(device)

    def type(self) -> None:
        if (device := self._device()) and (record_id := self._record()):
            device.send_typing(record_id, self._choices.pick(FIELDS))
            self._serve(device)

    def meet(self) -> None:
        """All is quiet: those who look at the same record hear of each other."""
        for record in all_records(self._world)[:1]:
            self._world.clock.pass_(A_WHILE)
            record_id = RecordPlace.of(record).id
            here = [device for device in self._world.devices if self._reads(device, record_id)]
            for device in here:
                device.hints.clear()
                device.send_view(record_id)
                self._serve(device)
            for device in here:
                if device.socket is not None:
                    self._clients.carry_all(device.socket)
            people = {device.user_id for device in here}
            for device in here:
                heard = {hint.data["userId"] for hint in device.hints if hint.type == "user:viewing"}
                if missing := people - heard - {device.user_id}:
                    raise Failure("not told who looks", f"{device.name} of {missing} at {record_id}")

    def _reads(self, device: Device, record_id: str) -> bool:
        found = {RecordPlace.of(item).id for item in records_of(self._world, device.user_id)}
        return device.socket is not None and device.socket.open and record_id in found

    def _device(self) -> Device | None:
        connected = [device for device in self._world.devices if device.socket is not None and not device.stuck]
        return self._choices.pick(connected) if connected else None

    def _record(self) -> str | None:
        """Rather the first than another: people meet where much happens."""
        found = all_records(self._world)
        if not found:
            return None
        return RecordPlace.of(found[0] if self._choices.chance(60) else self._choices.pick(found)).id

    def _serve(self, device: Device) -> None:
        """Mostly at once."""
        socket = device.socket
        while socket is not None and socket.up and (self._world.functions.calm or not self._choices.chance(20)):
            self._clients.serve(socket)
