"""Examples of what a socket carries: events, frames, requests and replies, made by the real rules at a fixed time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import get_args

from contractgen.examples import TICKET, counted, raised, raised_by
from contractgen.lifecycle import AVA, HEAD, NOON, POSITIONS, Lifecycle, Named, after, lifecycle_of, made_id
from contractgen.state_examples import example_of as state_example
from openhouse.api import protocol
from openhouse.api.actions.auth import Auth, AuthReply
from openhouse.api.actions.lock import Lock, LockReply, Unlock, UnlockReply
from openhouse.api.actions.ping import Ping, PingReply
from openhouse.api.actions.presence import Beat, BeatReply
from openhouse.api.actions.sync import Sync, SyncReply
from openhouse.api.actions.typing import Typing, TypingReply
from openhouse.api.actions.view import View, ViewReply
from openhouse.api.protocol import Request
from openhouse.contract.frames import REFUSALS, Refusal, reply_model
from openhouse.core import clock
from openhouse.core.errors import BadFrame, FrameTooLarge, OpenhouseError
from openhouse.core.merge_patch import Document
from openhouse.core.wire import Wire, parse
from openhouse.crm import events
from openhouse.crm.changes import Change
from openhouse.crm.module import Module, Record
from openhouse.entities import LOCKS
from openhouse.identity.membership import TOO_MANY
from openhouse.rooms.allowance import FLOODED, Allowance
from openhouse.rooms.draft import Event
from openhouse.rooms.entity import MAX_EVENT_BYTES
from openhouse.rooms.gateway import closing_frame
from openhouse.rooms.position import Position

LOCKED = {"noun": LOCKS.example["noun"], "recordId": LOCKS.example["recordId"]}


@cache
def events_of(module: Module) -> dict[str, Named]:
    """By type."""
    lifecycle = lifecycle_of(module)
    steps = [lifecycle.began, lifecycle.changed, lifecycle.archived, lifecycle.restored, *lifecycle.entered.values()]
    examples: list[tuple[str, Event]] = [
        *(("example", event) for step in steps for event in _events(step)),
        ("example", _figures_event(module, lifecycle.began)),
        *(("too large", event) for event in _too_large(module, lifecycle)),
        *(("moved", event) for event in _events(lifecycle.moved) if event["type"] == f"{module.noun}:deleted"),
        *(("deleted", event) for event in _events(lifecycle.removed)),
    ]
    found: dict[str, dict[str, Document]] = {}
    for name, event in examples:
        found.setdefault(event["type"], {}).setdefault(name, event)
    return dict(found)


def commits_frame(modules: Sequence[Module]) -> Named:
    """What members receive when a record of the first module is created."""
    module = modules[0]
    began = lifecycle_of(module).began
    commit = {
        "room": after(began).room,
        **Position(HEAD.epoch, HEAD.seq + 1).wire(),
        "id": made_id(9),
        "at": clock.to_wire(NOON),
        "by": began.by,
        "events": [*_events(began), _figures_event(module, began)],
    }
    return {"example": {"commits": [commit]}}


def requests() -> dict[type[Request], Named]:
    positions = {room: HEAD.wire() for room in AVA.rooms[:2]}
    record = {"noun": "escrow", "recordId": made_id(1)}
    return {
        Sync: {
            "without positions": {"action": "sync", "id": "1"},
            "from positions": {"action": "sync", "id": "2", "positions": positions},
            "a part": {"action": "sync", "id": "5", "positions": positions, "part": True},
        },
        Ping: {"example": {"action": "ping", "id": "3"}},
        Auth: {"example": {"action": "auth", "id": "4", "ticket": TICKET}},
        Beat: {
            "in use": {"action": "presence", "id": "6", "active": True},
            "out of sight": {"action": "presence", "id": "7", "active": False},
            "silently": {"action": "presence", "id": "17", "active": True, "silent": True},
        },
        Lock: {
            "take": {"action": "lock", "id": "8", **LOCKED},
            "prolong": {"action": "lock", "id": "9", **LOCKED, "token": 1},
            "take over": {"action": "lock", "id": "10", **LOCKED, "takeOver": True},
        },
        Unlock: {"example": {"action": "unlock", "id": "11", **LOCKED, "token": 1}},
        View: {
            "begin, or go on": {"action": "view", "id": "12", **record},
            "quietly": {"action": "view", "id": "16", **record, "quiet": True},
            "no longer": {"action": "view", "id": "13", **record, "leave": True},
            "instead of a beat, too": {"action": "view", "id": "18", **record, "quiet": True, "active": True},
        },
        Typing: {
            "in a field": {"action": "typing", "id": "14", **record, "field": "notes"},
            "no longer": {"action": "typing", "id": "15", **record, "field": None},
        },
    }


def replies(module: Module) -> dict[type[Wire], Named]:
    sync, ping, auth, beat, lock, unlock, view, typing = (_first(model, named) for model, named in requests().items())
    ends = clock.to_wire(clock.from_seconds(AVA.expires_at))
    return {
        SyncReply: {
            "all was posted": protocol.success(sync, rooms=_reached(reset=False), more=False),
            "lists have to be fetched": protocol.success(sync, rooms=_reached(reset=True), more=False),
        },
        PingReply: {"example": protocol.success(ping, rooms=POSITIONS)},
        reply_model(LockReply): {"example": protocol.success(lock, lock=state_example(LOCKS))},
        UnlockReply: {"example": protocol.success(unlock)},
        AuthReply: {"example": protocol.success(auth, sessionExpiresAt=ends)},
        BeatReply: {"example": protocol.success(beat)},
        ViewReply: {
            "others look": protocol.success(view, again=8.0),
            "nobody else": protocol.success(view, again=50.0),
        },
        TypingReply: {"example": protocol.success(typing)},
        Refusal: {error.code: _refusal(sync, raised(error, module)) for error in REFUSALS},
    }


def closing() -> Named:
    flooding = Allowance(left=FLOODED, at=0)
    reasons = (TOO_MANY, raised_by(lambda: flooding.check(1)))
    return {reason.code: json.loads(closing_frame(reason).body) for reason in reasons}


def gateway_fault() -> Named:
    """As API Gateway writes it."""
    message = {"message": "Internal server error", "connectionId": "Zk1b2cExoAMCJ5w=", "requestId": "Zk1b3FLooAMF4Dg="}
    return {"function failed": message}


def _first(model: type[Request], named: Named) -> Request:
    return parse(model, next(iter(named.values())))


def _reached(*, reset: bool) -> Document:
    return {room: {**position, "reset": reset} for room, position in POSITIONS.items()}


def _refusal(request: Request, error: OpenhouseError) -> Document:
    unread = isinstance(error, BadFrame | FrameTooLarge)  # no id could be read
    id_ = None if unread else request.id
    return protocol.failure(id_, error)


def _events(step: Change) -> list[Event]:
    return [event for _room, event in step.events()]


def _figures_event(module: Module, began: Change) -> Event:
    _, changes = counted(module, began)
    return events.counted(module, after(began).room, 1, changes)


def _too_large(module: Module, lifecycle: Lifecycle) -> list[Event]:
    """The same change of a record that holds a long text, if the module has a text at all."""
    own = {name: info for name, info in module.model.model_fields.items() if name not in Record.model_fields}
    text = next((name for name, info in own.items() if str in (info.annotation, *get_args(info.annotation))), None)
    if text is None:
        return []
    large = after(lifecycle.changed).model_copy(update={text: "x" * MAX_EVENT_BYTES})
    by = AVA.user_id
    return [events.created(module, large, by=by), events.changed(module, lifecycle.record, large, by=by)]
