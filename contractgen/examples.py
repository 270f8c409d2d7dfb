"""Examples of REST's bodies, answers and problems, made by the real rules at a fixed time, never by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from contractgen import file_examples, hint_examples, notification_examples, task_examples
from contractgen.lifecycle import AVA, NOON, POSITIONS, Lifecycle, Named, after, lifecycle_of, made_id
from contractgen.state_examples import example_of as state_example
from contractgen.state_examples import page as state_page
from openhouse.api import actions, http, list_parameters, protocol
from openhouse.api.operations.record_handlers import with_abilities
from openhouse.api.people import Me, Ticket
from openhouse.contract.operations import DocumentedOperation
from openhouse.contract.registry import NotWritten, Written, models_of
from openhouse.core import clock, ids
from openhouse.core.errors import (
    BadFrame,
    BadParameter,
    Forbidden,
    FrameTooLarge,
    Invalid,
    InvalidMessage,
    InvalidTransition,
    Locked,
    MalformedJson,
    OpenhouseError,
    RateLimited,
    StaleVersion,
    UnknownAction,
)
from openhouse.core.merge_patch import Document, difference
from openhouse.core.wire import Wire, parse
from openhouse.crm import access, changes, figures
from openhouse.crm.changes import Change
from openhouse.crm.cursors import Cursor, Order
from openhouse.crm.leases import FREE
from openhouse.crm.module import Module, Record
from openhouse.crm.record_items import Stored
from openhouse.crm.records import Precondition
from openhouse.crm.steps import step_of
from openhouse.entities import LOCKS
from openhouse.identity.directory import Team, User
from openhouse.rooms.allowance import Allowance
from openhouse.rooms.connections import TICKET_SECONDS
from openhouse.rooms.entity import Entity
from openhouse.rooms.live_states import LiveEntity
from openhouse.storage.keys import later
from openhouse.tasks.task import TASKS

TICKET = ids.token(lambda count: bytes(range(count)))

_TEAM = Team(team_id="north", name="North")
_COLLEAGUE = replace(AVA, user_id="u-789")
_USER = User(user_id=AVA.user_id, email=AVA.email, name=AVA.name, role=AVA.role, team_ids=AVA.team_ids)
_INVITED = replace(_USER, invited_at=clock.to_wire(NOON))


def bodies_of(call: DocumentedOperation, entities: Iterable[Entity]) -> Named:
    """What a client may send with this call."""
    if call.name in notification_examples.BODIES:
        return {"example": notification_examples.BODIES[call.name]}
    if call.name in file_examples.BODIES:
        return file_examples.BODIES[call.name]
    if call.name in task_examples.CALLS:
        return task_examples.bodies()[call.name]
    module = module_of(call, entities)
    if module is None:
        team = {"name": _TEAM.name}
        user = {name: value for name, value in _USER.wire().items() if name not in ("userId", "invitedAt")}
        metrics = {"commitToScreen": [140, 212], "reconnects": 1, "errors": 0}
        about_people = {"createTeam": team, "renameTeam": team, "putUser": user, "inviteUser": user}
        of_each: dict[str, Any] = {**about_people, "reportMetrics": metrics}
        return {"example": of_each[call.name]}
    lifecycle = lifecycle_of(module)
    patch = {"id": lifecycle.record.id, "changes": lifecycle.patch, "version": 1}
    bodies: dict[str, Named] = {
        "POST ": {"example": module.example},
        "PATCH /{id}": {
            "fields": lifecycle.patch,
            **{verb: _patch_request(module, step) for verb, step in _patches(module, lifecycle)},
        },
        "POST /bulk": {"example": {"entries": [{"record": module.example}, patch]}},
        "POST /{id}/convert": {"as it is": {}, "owner": {"ownerId": AVA.user_id}},
        "POST /{id}/lock": {"take": {}, "prolong": {"token": 3}, "take over": {"takeOver": True}},
        "POST /{id}/reopen": {"example": {"status": module.first_status, "reason": "The wrong one was closed."}},
    }
    return bodies[_what(call, module)]


def answers_of(call: DocumentedOperation, entities: Iterable[Entity]) -> Named:
    """What this call may be answered."""
    of_tasks = dict.fromkeys(task_examples.CALLS, state_example(TASKS))
    known = {**notification_examples.ANSWERS, **file_examples.ANSWERS, **of_tasks}
    if answer := known.get(call.name):
        return {"example": answer}
    entity = entity_of(call, entities)
    if isinstance(entity, LiveEntity):
        return {"example": state_page(entity)}
    module = entity if isinstance(entity, Module) else None
    if call.tag == "search":
        found = next(each for each in entities if isinstance(each, Module))
        hit = {"type": found.noun, "record": _answered(lifecycle_of(found).record, found)}
        return {"example": {"items": [hit], "more": False}}
    if call.tag == "views":
        return {"example": hint_examples.viewers()}
    if module is None:
        return {"example": _people_answers()[call.name]}
    lifecycle = lifecycle_of(module)
    record = {"example": _answered(lifecycle.record, module)}
    page = {"items": [_answered(lifecycle.record, module)], "positions": POSITIONS}
    steps = {"fields": lifecycle.changed, **dict(_patches(module, lifecycle))}
    answers: dict[str, Named] = {
        "GET ": {"the last page": page, "another page": {**page, "cursor": _cursor(lifecycle)}},
        "POST ": record,
        "GET /stats": {"example": _stats(module, lifecycle)},
        "POST /bulk": {"example": {"results": _results()}},
        "GET /{id}": record,
        "PATCH /{id}": {name: _answered(after(step), module) for name, step in steps.items()},
        "POST /{id}/archive": {"example": _answered(after(lifecycle.archived), module)},
        "POST /{id}/restore": {"example": _answered(after(lifecycle.restored), module)},
        "POST /{id}/lock": {"example": state_example(LOCKS)},
        "POST /{id}/recover": record,
        "POST /{id}/reopen": record,
        "GET /{id}/history": {"example": {"items": [step_of(lifecycle.changed), step_of(lifecycle.began)]}},
    }
    if lifecycle.converted:
        both = {step.module.noun: _answered(after(step), step.module) for step in lifecycle.converted}
        answers["POST /{id}/convert"] = {"example": both}
    return answers[_what(call, module)]


def _answered(record: Record, module: Module) -> Document:
    return with_abilities(module, AVA, record.wire())


def problem_of(error: type[OpenhouseError], module: Module) -> Document:
    """As the rules tell it where they can be provoked with nothing but a module, else in general words."""
    problem = raised(error, module).problem()
    if "current" in problem:
        problem["current"] = with_abilities(module, AVA, problem["current"])
    return problem


def raised(error: type[OpenhouseError], module: Module) -> OpenhouseError:
    provoke = _provocations(module).get(error)
    return raised_by(provoke) if provoke else error(error.title.lower())


def raised_by(provoke: Callable[[], object]) -> OpenhouseError:
    try:
        provoke()
    except OpenhouseError as raised_:
        return raised_
    raise AssertionError("an error was to be provoked")


def _provocations(module: Module) -> dict[type[OpenhouseError], Callable[[], object]]:
    new, record = models_of(module).new, lifecycle_of(module).record
    provoked: dict[type[OpenhouseError], Callable[[], object]] = {
        MalformedJson: lambda: http.parse_object(b"{"),
        BadParameter: lambda: list_parameters.parse_list_query(module, {"limit": "0"}),
        Forbidden: lambda: access.authorize(_COLLEAGUE, record, access.Right.DELETE),
        StaleVersion: lambda: Precondition(frozenset({0})).check(AVA, Stored(record, ""), NOON),
        Locked: lambda: FREE.taken(_COLLEAGUE.user_id, NOON, None).check(AVA.user_id, None, NOON),
        Invalid: lambda: parse(new, {**module.example, "colour": "red"}),
        RateLimited: lambda: Allowance(left=0, at=0).check(80),
        BadFrame: lambda: actions.parse("{"),
        FrameTooLarge: lambda: actions.parse(" " * protocol.MAX_FRAME_BYTES + "{}"),
        UnknownAction: lambda: actions.parse('{"action": "shout", "id": "1"}'),
        InvalidMessage: lambda: actions.parse('{"action": "auth", "id": "1"}'),
    }
    if forbidden := next(_forbidden_steps(module), None):
        there, status = record.model_copy(update={"status": forbidden[0]}), forbidden[1]
        provoked[InvalidTransition] = lambda: changes.update(module, AVA, there, {"status": status}, now=NOON)
    return provoked


def _forbidden_steps(module: Module) -> Iterator[tuple[str, str]]:
    """From one status to another that may not follow it."""
    for status, following in module.transitions.items():
        yield from ((status, other) for other in module.transitions if other not in (status, *following))


def counted(module: Module, change: Change) -> tuple[Document, Document]:
    """The figures of the record's room after its first change, and the patch that leads to them from none."""
    room = after(change).room
    found = figures.after_changes(module, figures.zero(module), [change], room)
    return found, difference(figures.zero(module), found)


def _cursor(lifecycle: Lifecycle) -> str:
    return Cursor(Order.NEWEST, lifecycle.record.id).text()


def _results() -> list[Document]:
    stale = StaleVersion("it is at version 2 now")
    written = Written(status=201, id=made_id(3), version=1)
    return [_wire(written), _wire(NotWritten(status=stale.status, error=stale.problem()))]


def _stats(module: Module, lifecycle: Lifecycle) -> Document:
    found, _ = counted(module, lifecycle.began)
    nothing = {"version": 0, **figures.zero(module)}
    rooms = {room: {"version": 1, **found} if room == lifecycle.record.room else nothing for room in AVA.rooms}
    return {"total": found, "rooms": rooms, "positions": POSITIONS}


def _audited() -> Document:
    at = clock.to_wire(NOON)
    changes = [{"field": "role", "before": "agent", "after": "lead"}]
    about = {"act": "user_changed", "by": "u-001", "byName": "Rae Root", "subject": AVA.user_id, "name": AVA.name}
    return {"id": f"{later(clock.milliseconds(NOON))}.{made_id(7)}", "at": at, **about, "changes": changes}


def _people_answers() -> dict[str, Document]:
    ends = clock.from_seconds(AVA.expires_at)
    me = Me(
        user_id=AVA.user_id,
        email=AVA.email,
        name=AVA.name,
        role=AVA.role,
        brokerage_id=AVA.brokerage_id,
        team_ids=list(AVA.team_ids),
        rooms=list(AVA.rooms),
        expires_at=ends,
    )
    address = f"wss://sockets.example/live?{urlencode({'ticket': TICKET})}"
    ticket_ends = NOON + timedelta(seconds=TICKET_SECONDS)
    ticket = Ticket(
        url=address,
        ticket=TICKET,
        expires_at=ticket_ends,
        session_expires_at=ends,
        ping_seconds=240,
        presence_seconds=25,
    )
    return {
        "getMe": _wire(me),
        "createTicket": _wire(ticket),
        "getDirectory": {
            "brokerage": {"brokerageId": AVA.brokerage_id, "name": "Harbor"},
            "teams": [_TEAM.wire()],
            "users": [_USER.wire()],
        },
        "listAudit": {"items": [_audited()], "cursor": None},
        "createTeam": _TEAM.wire(),
        "renameTeam": _TEAM.wire(),
        "putUser": _USER.wire(),
        "inviteUser": _INVITED.wire(),
        "resendInvitation": _INVITED.wire(),
    }


def _patches(module: Module, lifecycle: Lifecycle) -> list[tuple[str, Change]]:
    """The steps into statuses of a name that a PATCH can take."""
    by_itself = module.conversion.status if module.conversion else None
    return [(verb, step) for verb, step in lifecycle.entered.items() if after(step).status != by_itself]


def _patch_request(module: Module, step: Change) -> Document:
    """The patch that a client sends for this step."""
    assert step.before is not None
    changes = difference(step.before.wire(), after(step).wire())
    return {name: value for name, value in changes.items() if name not in module.assigned}


def module_of(call: DocumentedOperation, entities: Iterable[Entity]) -> Module | None:
    entity = entity_of(call, entities)
    return entity if isinstance(entity, Module) else None


def entity_of(call: DocumentedOperation, entities: Iterable[Entity]) -> Entity | None:
    return next((entity for entity in entities if entity.path == call.tag), None)


def _what(call: DocumentedOperation, module: Module) -> str:
    """The call as every module has it, such as `PATCH /{id}`."""
    return f"{call.method} {call.path.removeprefix(f'/{module.path}')}"


def _wire(model: Wire) -> Document:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)
