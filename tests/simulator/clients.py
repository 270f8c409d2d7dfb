"""What happens between clients and the server, one step at a time: sockets open and end, frames and answers travel."""

from __future__ import annotations

from typing import Any

from openhouse.core.errors import NotFound
from openhouse.crm.list_query import MAX_LIMIT, ListQuery
from tests.simulator.device import Device, Request
from tests.simulator.hint_checks import HintChecks
from tests.simulator.people import People
from tests.simulator.record_checks import RecordChecks
from tests.simulator.sockets import Socket
from tests.simulator.view import rooms_of
from tests.simulator.world import DEAL, World

API_GATEWAY_EXCUSES_ITSELF = '{"message": "Internal server error", "connectionId": "c", "requestId": "r"}'


class Clients:
    def __init__(self, world: World, people: People, checks: RecordChecks, hints: HintChecks) -> None:
        self._world = world
        self._checks = checks
        self._hints = hints
        self._people = people
        self._choices = world.choices
        self._functions = world.functions

    # What a client does by itself ------------------------------------------------------------------------------------

    def act(self, device: Device) -> bool:
        """Its next step, if there is one to take now."""
        if device.socket is None:
            self.connect(device)
        elif device.lacking and not device.syncing and not device.refetching:
            device.send_sync()
            self._world.say(f"{device.name} asks for what it missed")
        elif device.missing:
            device.get(device.missing[0])
        else:
            return False
        return True

    def connect(self, device: Device) -> None:
        """With a ticket, through the authorizer. A second socket is whole before the first one goes."""
        world = self._world
        socket = Socket(world.new_socket_id(), device)

        def work() -> None:
            principal = world.directory.principal(device.user_id, self._people.token_end())
            ticket, _ = world.connections.issue_ticket(principal)
            world.connections.connect(socket.id, world.connections.redeem(ticket))

        world.say(f"{device.name} connects as {socket.id}")
        before = device.socket
        if world.functions.invoke("connect", work).ok and device.socket is before:
            world.sockets.all[socket.id] = socket
            device.connected(socket)

    def ping(self, device: Device) -> None:
        if device.socket is not None:
            device.send_ping()

    def beat(self, device: Device) -> None:
        if device.socket is not None:
            device.send_beat()

    def prolong(self, device: Device) -> None:
        if device.socket is not None:
            world = self._world
            answer = world.functions.invoke(
                "ticket",
                lambda: world.connections.issue_ticket(
                    world.directory.principal(device.user_id, self._people.token_end())
                ),
            )
            if answer.ok and device.socket is not None:
                world.say(f"{device.name} prolongs its session")
                device.send_auth(answer.value[0])

    def hang_up(self, device: Device) -> None:
        """It gives its socket up; API Gateway may notice late, or not before it has to."""
        socket = device.socket
        if socket is not None:
            self._world.say(f"{device.name} gives {socket.id} up")
            device.disconnected()
            if self._choices.chance(50):
                self._world.say("API Gateway does not notice")
            else:
                self._world.sockets.end(socket)

    # What the network does -------------------------------------------------------------------------------------------

    def carry(self, socket: Socket) -> None:
        """One frame to the client: the next one, or one that overtakes it."""
        at = 0
        if len(socket.down) > 1 and not self._functions.calm and self._choices.chance(15):
            at = self._choices.below(len(socket.down))
        text = socket.down.pop(at)
        device = socket.owner
        assert isinstance(device, Device)
        if device.socket is socket or device.older is socket:
            device.receive(text)

    def carry_all(self, socket: Socket) -> None:
        while socket.down:
            self.carry(socket)

    def notice(self, device: Device) -> None:
        """Its socket has ended: it hears of that, perhaps before what was under way has arrived."""
        socket = device.socket
        if socket is not None and not socket.open:
            if not self._functions.calm and self._choices.chance(30):
                socket.down.clear()
            self.carry_all(socket)
            if device.socket is socket:
                device.disconnected()

    def serve(self, socket: Socket) -> None:
        """The server takes a message. What comes on a socket that has ended goes nowhere."""
        text = socket.up.pop(0)
        if socket.open:
            self._world.say(f"the server takes {text} from {socket.id}")
            with self._hints.serving(socket):
                answer = self._functions.invoke("messages", lambda: self._world.messages.receive(socket.id, text))
            if answer.died:
                socket.down.append(API_GATEWAY_EXCUSES_ITSELF)

    def say_goodbye(self) -> None:
        """The $disconnect function hears of a socket, as long as that is."""
        id_ = self._world.sockets.goodbyes.pop(0)
        event = {"requestContext": {"eventType": "DISCONNECT", "connectionId": id_}}
        self._functions.invoke("disconnect", lambda: self._world.socket_api.handle(event))

    # Requests --------------------------------------------------------------------------------------------------------

    def answer(self, device: Device, request: Request) -> None:
        """The server reads what was asked for. What fails is asked for again."""
        request.busy = True
        self._world.say(f"the server reads for {device.name}: {request.key.id if request.key else 'all'}")
        since = self._checks.ledger.moment
        answer = self._functions.invoke("crm", lambda: self._read(device, request))
        request.busy = False
        if answer.ok:
            request.answer = answer.value
            found = answer.value.get("items", [answer.value.get("record")])
            self._checks.was_read(device.user_id, since, [document for document in found if document])

    def _read(self, device: Device, request: Request) -> dict[str, Any]:
        world = self._world
        principal = world.directory.principal(device.user_id, self._people.token_end())
        if request.key is None:
            page = world.lists.page(DEAL, principal, ListQuery(limit=MAX_LIMIT))
            return {"items": page["items"], "positions": page["positions"]}
        try:
            return {"record": world.records.read(DEAL, principal, request.key.id).wire()}
        except NotFound:
            return {"record": None}

    def may_see(self, device: Device) -> None:
        device.ever |= set(rooms_of(self._world, device.user_id))
