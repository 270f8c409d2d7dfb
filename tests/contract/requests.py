"""Requests of any module: those that lead a record somewhere, and one for every refusal that is documented."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from contractgen.examples import bodies_of
from contractgen.lifecycle import way
from openhouse.api.http import MAX_BULK_BYTES
from openhouse.contract.operations import DocumentedOperation
from openhouse.core import errors
from openhouse.core.errors import OpenhouseError
from openhouse.crm.access import Right
from openhouse.crm.module import Module
from openhouse.identity import authorizer_context
from tests.contract.checked_world import CheckedWorld
from tests.fakes import MIA
from tests.functional.brokerage import LEE
from tests.functional.conftest import TABLES

USED = {"idempotency-key": "used"}
_LARGE = "x" * (MAX_BULK_BYTES + 1)

# What makes a call that is fine otherwise be refused so.
WAYS: dict[type[OpenhouseError], dict[str, Any]] = {
    errors.TokenExpired: {"context": authorizer_context.refusal(errors.TokenExpired("for a test"))},
    errors.UserUnknown: {"context": authorizer_context.refusal(errors.UserUnknown("for a test"))},
    errors.MalformedJson: {"body": "{"},
    errors.TooLarge: {"body": _LARGE, "headers": {"idempotency-key": "large"}},
    errors.NotFound: {"id_": "unknown"},
    errors.StaleVersion: {"headers": {"if-match": '"999"'}},
    errors.IdempotencyMismatch: {"headers": USED},
}


def calls(checked: CheckedWorld, module: Module) -> list[DocumentedOperation]:
    return [call for call, _ in checked.documented.operations if call.tag == module.path]


def patches(checked: CheckedWorld, module: Module) -> dict[str, Any]:
    """A patch of some fields, and for each status of a name the one that leads there, by the verb."""
    (patch,) = [call for call in calls(checked, module) if call.patch]
    return dict(bodies_of(patch, checked.documented.entities))


def brought_to(checked: CheckedWorld, module: Module, status: str) -> str:
    """The id of a new record, led to that status."""
    begins = status in module.initial_statuses and status not in module.verbs
    made = checked.call("POST", f"/{module.path}", {**module.example, **({"status": status} if begins else {})})
    for step in [] if begins else way(module, status):
        wanted = patches(checked, module).get(module.verbs.get(step, ""), {"status": step})
        checked.call("PATCH", f"/{module.path}/{made['id']}", wanted)
    return str(made["id"])


def deleted(checked: CheckedWorld, module: Module, **fields: Any) -> str:
    """The id of a new record that was deleted."""
    id_ = checked.call("POST", f"/{module.path}", {**module.example, **fields})["id"]
    checked.call("DELETE", f"/{module.path}/{id_}")
    return str(id_)


def ended(checked: CheckedWorld, module: Module) -> str:
    """The id of a new record in a final status; of any, if there is no such status."""
    final = next(filter(module.is_final, module.transitions), module.first_status)
    if final != _converted(module):
        return brought_to(checked, module, final)
    id_ = brought_to(checked, module, _before(module, final))
    checked.call("POST", f"/{module.path}/{id_}/convert")
    return id_


def come_back(checked: CheckedWorld, module: Module) -> None:
    """A deleted record, and one that was closed."""
    id_ = deleted(checked, module)
    checked.call("GET", f"/{module.path}", query={"deleted": "true"})
    checked.call("POST", f"/{module.path}/{id_}/recover")
    checked.call("GET", f"/{module.path}/{id_}/history")
    if any(map(module.is_final, module.transitions)):
        body = {"status": module.first_status, "reason": "for a test"}
        checked.call("POST", f"/{module.path}/{ended(checked, module)}/reopen", body, who=LEE)


def enter_every_status_of_a_name(checked: CheckedWorld, module: Module) -> None:
    for status in module.verbs:
        if status == _converted(module):
            id_ = brought_to(checked, module, _before(module, status))
            checked.call("POST", f"/{module.path}/{id_}/convert")
            id_ = brought_to(checked, module, _before(module, status))
            checked.call("POST", f"/{module.path}/{id_}/convert", {"visibility": "private"})
        else:
            brought_to(checked, module, status)


def write_what_is_too_large_to_be_told(checked: CheckedWorld, module: Module) -> None:
    """If the module has a text that can be so long."""
    record = checked.documented.openapi.document["components"]["schemas"][module.model.__name__]
    for name, schema in record["properties"].items():
        if schema.get("maxLength", 0) > 40_000:
            made = checked.call("POST", f"/{module.path}", {**module.example, name: "x" * 40_000})
            checked.call("PATCH", f"/{module.path}/{made['id']}", {name: "y" * 40_000})


def write_many(checked: CheckedWorld, module: Module) -> list[Any]:
    """Good and bad entries in one request; what is accepted of them is what their schemas accept."""
    id_ = brought_to(checked, module, module.first_status)
    good = [{"record": module.example}, {"id": id_, "changes": patches(checked, module)["fields"], "version": 1}]
    bad = [{"record": {}}, {"record": module.example, "more": 1}, {"id": "unknown", "changes": {}}, {"id": 1}, 7]
    stale = {"id": id_, "changes": {}, "version": 1}
    checked.call("POST", f"/{module.path}/bulk", {"entries": [good[0]]})
    answer = checked.call("POST", f"/{module.path}/bulk", {"entries": [*good, *bad, stale]}, fits=False)
    return [result["status"] for result in answer["results"]]


def lock_and_save(checked: CheckedWorld, module: Module) -> None:
    one = f"/{module.path}/{brought_to(checked, module, module.first_status)}"
    token = checked.call("POST", f"{one}/lock", {})["token"]
    checked.call("POST", f"{one}/lock", {"token": token})
    assert checked.call("PATCH", one, {"archived": True}, who=LEE)["holder"] == "ava"
    taken = checked.call("POST", f"{one}/lock", {"takeOver": True}, who=LEE)
    assert [item["takenFrom"] for item in checked.call("GET", "/locks")["items"]] == ["ava"]
    checked.call("DELETE", f"{one}/lock", who=LEE, headers={"lock-token": str(taken["token"])})


def refuse_everything(checked: CheckedWorld, module: Module) -> None:
    """Asks each call for every refusal that there is, whether it is documented or not."""
    body = {**module.example, "visibility": "broker"}
    read_by_all = checked.call("POST", f"/{module.path}", body, headers=USED)["id"]
    checked.call("POST", f"/{module.path}", module.example, headers=USED, who=LEE)
    # What is refused changes nothing: one record in each status will do.
    ids = {status: brought_to(checked, module, status) for status in module.transitions if status != _converted(module)}
    ids |= {"/recover": deleted(checked, module), "/reopen": ended(checked, module)}
    ours = calls(checked, module)
    for call in ours:
        for error in (
            *WAYS,
            errors.Locked,
            errors.BadParameter,
            errors.Invalid,
            errors.Forbidden,
            errors.InvalidTransition,
        ):
            for how in _ways(module, call, error):
                # What is not to be refused so may be done: then with a record of its own.
                alone = "{id}" in call.path and error not in call.problems
                own = {"id_": brought_to(checked, module, module.first_status)} if alone else {}
                _ask(checked, module, call, ids, **{**own, **how})

    _ask_without_rights(checked, module, ours, read_by_all)

    commit = checked.world.log.commit
    for error in (errors.Busy, errors.RoomFull):
        checked.world.log.commit = raising(error)  # type: ignore[assignment]
        for call in ours:
            if error in call.problems:
                _ask(checked, module, call, ids)
    checked.world.log.commit = commit
    with table_put_off(checked):
        for call in ours:
            _ask(checked, module, call, ids)
    for name in TABLES:
        checked.world.client.delete_table(TableName=name)
    for call in ours:
        _ask(checked, module, call, ids)


def raising(error: type[OpenhouseError]) -> Callable[..., None]:
    def fail(*_: Any, **__: Any) -> None:
        raise error("for a test")

    return fail


@contextmanager
def table_put_off(checked: CheckedWorld) -> Iterator[None]:
    """DynamoDB has too much to do."""
    table: Any = checked.world.table
    calls = ("get", "get_many", "query", "write", "transact")
    for name in calls:
        setattr(table, name, raising(errors.Busy))
    yield
    for name in calls:
        delattr(table, name)


def _ask_without_rights(
    checked: CheckedWorld, module: Module, calls: Iterable[DocumentedOperation], read_by_all: str
) -> None:
    """Mia reads the record as everyone in the brokerage does, and has no other right."""
    for call in calls:
        if call.path.endswith("/restore"):  # what is not archived stays as it is, whoever asks
            checked.call("POST", f"/{module.path}/{read_by_all}/archive")
        if call.right not in (None, Right.READ):
            gone = call.path.endswith("/recover")
            id_ = deleted(checked, module, visibility="broker") if gone else read_by_all
            _ask(checked, module, call, {}, id_=id_, who=MIA)


def _ways(module: Module, call: DocumentedOperation, error: type[OpenhouseError]) -> Iterator[dict[str, Any]]:
    if error is errors.Locked:
        yield {"body": {"token": 999}} if call.path.endswith("/lock") else {"headers": {"lock-token": "999"}}
    elif error in WAYS:
        yield WAYS[error]
    elif error is errors.BadParameter:
        yield from [{"query": {"limit": "0"}}] if call.query else []
        yield from [{"headers": {"if-match": "7"}}] if call.conditional else []
        yield from [{"headers": {"lock-token": "x"}}] if call.fenced else []
        yield from [{"headers": {"idempotency-key": "a b"}}] if call.idempotent else []
    elif error is errors.Invalid and call.body:
        yield {"body": {"colour": "red"}}
    elif error is errors.Forbidden and call.body:
        yield {"body": {**_begins(module, call), "ownerId": "ben"}}
    elif error is errors.InvalidTransition:
        yield from _wrong_moves(module, call)


def _wrong_moves(module: Module, call: DocumentedOperation) -> Iterator[dict[str, Any]]:
    if call.patch:
        for status, following in module.transitions.items():
            for other in module.transitions.keys() - {status, *following}:
                if status != _converted(module):
                    yield {"status": status, "body": {"status": other}}
    elif "{id}" in call.path:
        yield {"status": module.first_status}


def _ask(
    checked: CheckedWorld,
    module: Module,
    call: DocumentedOperation,
    ids: Mapping[str, str],
    *,
    id_: str | None = None,
    status: str | None = None,
    **how: Any,
) -> None:
    """The call in good form, but for what is said otherwise. `status`: of the record that it is about."""
    if call.body and "body" not in how:
        how["body"] = next(iter(bodies_of(call, checked.documented.entities).values()))
    usual = _before(module, _converted(module)) if call.path.endswith("/convert") else module.first_status
    for verb in ("/recover", "/reopen"):
        usual = verb if call.path.endswith(verb) else usual
    if call.method == "DELETE" and call.path.endswith("/lock"):
        how.setdefault("headers", {"lock-token": "1"})
    if call.right is Right.REOPEN:
        how.setdefault("who", LEE)
    checked.call(call.method, call.path.replace("{id}", id_ or ids[status or usual]), **how)


def _converted(module: Module) -> str:
    return module.conversion.status if module.conversion else ""


def _before(module: Module, status: str) -> str:
    """The status from which the shortest way leads to this one."""
    return [module.first_status, *way(module, status)][-2]


def _begins(module: Module, call: DocumentedOperation) -> dict[str, Any]:
    return {} if "{id}" in call.path else dict(module.example)
