"""One request for every refusal that a module's call may answer."""

from __future__ import annotations

from typing import Any, NamedTuple

from local.contract.examples import bodies_of
from local.contract.story import way
from openhouse import caller, errors
from openhouse.crm_api import MAX_BULK_BYTES
from openhouse.module import Module
from openhouse.rest import Call
from tests.contract.witness import Witness
from tests.fakes import AVA

BY_THE_AUTHORIZER = (errors.TokenExpired, errors.TokenInvalid, errors.UserUnknown, errors.IssuerUnavailable)
USED_KEY = {"idempotency-key": "used"}


class Try(NamedTuple):
    """How to call so that it is refused. `record`: the status that the record is brought to before."""

    body: Any = None
    record: str | None = None
    headers: dict[str, str] | None = None
    query: dict[str, str] | None = None
    id_: str | None = None


def refuse(witness: Witness, module: Module, call: Call) -> None:
    """Everything but failures of ours."""
    path = call.path.replace("{id}", "any")
    for error in BY_THE_AUTHORIZER:
        witness.call(call.method, path, context=caller.refusal(error("for a test")))
    witness.call(call.method, path, who=None)
    witness.world.records.create(module, AVA, module.example, _used_key(witness))
    for attempt in tries(module, call, witness.documented.modules):
        id_ = attempt.id_ or brought_to(witness, module, attempt.record or module.first_status)
        witness.call(
            call.method,
            call.path.replace("{id}", id_),
            attempt.body,
            headers=attempt.headers,
            query=attempt.query,
        )


def fail(witness: Witness, call: Call, body: Any) -> None:
    """What is our fault: too many changes at once, and something unforeseen."""
