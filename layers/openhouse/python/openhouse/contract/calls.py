"""Every REST call there is, for any set of modules: what it takes, what it answers, and what can be wrong.

The contract documents are made of this; a contract test holds it against the routes that the functions serve.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from openhouse.api.list_parameters import list_parameters
from openhouse.api.people import Me, Roster, TeamBody, TeamEntry, Ticket, UserBody, UserEntry
from openhouse.contract.registry import BulkAnswer, models_of
from openhouse.core.errors import (
    BadParameter,
    Busy,
    Conflict,
    Forbidden,
    IdempotencyMismatch,
    InternalError,
    Invalid,
    InvalidTransition,
    IssuerUnavailable,
    MalformedJson,
    NotFound,
    OpenhouseError,
    StaleVersion,
    TokenExpired,
    TokenInvalid,
    TokenMissing,
    TooLarge,
    UserUnknown,
)
from openhouse.core.wire import Wire
from openhouse.crm.module import Module

Errors = tuple[type[OpenhouseError], ...]

ALWAYS: Errors = (TokenMissing, TokenExpired, TokenInvalid, UserUnknown, InternalError, IssuerUnavailable)
_WRITING: Errors = (BadParameter, IdempotencyMismatch, Busy)
_BODY: Errors = (MalformedJson, TooLarge, Invalid)


class GatewayMessage(Wire):
    """What API Gateway itself says, without asking us: too many requests, or no answer from us in time."""

    message: str


@dataclass(frozen=True, kw_only=True)
class Call:
    """`path` in OpenAPI's form. `errors`: beside those that every call may answer."""

    name: str  # unique, in camelCase
    tag: str
    method: str
    path: str
    summary: str
    status: HTTPStatus = HTTPStatus.OK
    answer: type[Wire] | None = None
    query: type[Wire] | None = None
    body: type[Wire] | None = None
    body_is_optional: bool = False
    patch: bool = False  # the body is a merge patch
    tagged: bool = False  # the answer is a record with its ETag
    conditional: bool = False  # takes If-Match
    idempotent: bool = False  # takes Idempotency-Key
    errors: Errors = ()

    @property
    def problems(self) -> Errors:
        return ALWAYS + self.errors


def calls_of(modules: Iterable[Module]) -> list[Call]:
    return [*(call for module in modules for call in _module_calls(module)), *_DIRECTORY]


def _module_calls(module: Module) -> list[Call]:
    models, noun, name = models_of(module), module.noun, module.noun.capitalize()
    plural = module.path.capitalize()
    all_, one = f"/{module.path}", f"/{module.path}/{{id}}"
    changing: Errors = (*_WRITING, NotFound, InvalidTransition, StaleVersion, Forbidden)
    calls = [
        Call(
            name=f"list{plural}",
            tag=module.path,
            method="GET",
            path=all_,
            summary=f"The caller's {module.path}, sorted and filtered, page by page",
            query=list_parameters(module),
            answer=models.page,
            errors=(BadParameter,),
        ),
        Call(
            name=f"create{name}",
            tag=module.path,
            method="POST",
            path=all_,
            summary=f"A new {noun}",
            body=models.new,
            status=HTTPStatus.CREATED,
            answer=models.record,
            tagged=True,
            idempotent=True,
            errors=(*_WRITING, *_BODY, Forbidden),
        ),
        Call(
            name=f"get{name}Stats",
            tag=module.path,
            method="GET",
            path=f"{all_}/stats",
            summary="Counts by status and totals, by room and over all the caller's rooms",
            answer=models.stats,
        ),
        Call(
            name=f"bulk{plural}",
            tag=module.path,
            method="POST",
            path=f"{all_}/bulk",
            summary=f"Up to 500 new {module.path} or patches, each with a result of its own",
            body=models.bulk,
            answer=BulkAnswer,
            idempotent=True,
            errors=(BadParameter, IdempotencyMismatch, *_BODY),  # an entry alone may be too late: its result says so
        ),
        Call(
            name=f"get{name}",
            tag=module.path,
            method="GET",
            path=one,
            summary=f"One {noun}",
            answer=models.record,
            tagged=True,
            errors=(NotFound,),
        ),
        Call(
            name=f"patch{name}",
            tag=module.path,
            method="PATCH",
            path=one,
            summary="Changes some of its fields (a merge patch, RFC 7396)",
            body=models.patch,
            patch=True,
            answer=models.record,
            tagged=True,
            conditional=True,
            idempotent=True,
            errors=(*changing, *_BODY),
        ),
        *(
            Call(
                name=f"{verb}{name}",
                tag=module.path,
                method="POST",
                path=f"{one}/{verb}",
                summary=summary,
                answer=models.record,
                tagged=True,
                conditional=True,
                idempotent=True,
                errors=(*_WRITING, NotFound, StaleVersion, TooLarge, Invalid),
            )
            for verb, summary in (("archive", "Puts it out of sight"), ("restore", "Brings it back from the archive"))
        ),
        Call(
            name=f"delete{name}",
            tag=module.path,
            method="DELETE",
            path=one,
            summary="Deletes it for good",
            status=HTTPStatus.NO_CONTENT,
            conditional=True,
            idempotent=True,
            errors=(*_WRITING, NotFound, StaleVersion, TooLarge),
        ),
    ]
    if module.conversion:
        into = module.conversion.into.noun
        calls.append(
            Call(
                name=f"convert{name}",
                tag=module.path,
                method="POST",
                path=f"{one}/convert",
                summary=f"Makes it {module.conversion.status}, and a new {into} of it, in one transaction",
                body=models.conversion,
                body_is_optional=True,
                status=HTTPStatus.CREATED,
                answer=models.converted,
                conditional=True,
                idempotent=True,
                errors=(*changing, *_BODY),
            )
        )
    return calls


_DIRECTORY = (
    Call(name="getMe", tag="people", method="GET", path="/me", summary="Who is calling", answer=Me),
    Call(
        name="createTicket",
        tag="people",
        method="POST",
        path="/realtime/tickets",
        summary="An address that opens one socket",
        status=HTTPStatus.CREATED,
        answer=Ticket,
    ),
    Call(
        name="getDirectory",
        tag="people",
        method="GET",
        path="/directory",
        summary="The brokerage's teams and people",
        answer=Roster,
    ),
    Call(
        name="putTeam",
        tag="people",
        method="PUT",
        path="/directory/teams/{teamId}",
        summary="Adds or renames a team (role admin)",
        body=TeamBody,
        answer=TeamEntry,
        errors=(*_BODY, NotFound, Forbidden, Conflict, Busy),  # not found: an id that no path can hold
    ),
    Call(
        name="putUser",
        tag="people",
        method="PUT",
        path="/directory/users/{userId}",
        summary="Adds or replaces a person (role admin)",
        body=UserBody,
        answer=UserEntry,
        errors=(*_BODY, NotFound, Forbidden, Conflict, Busy),  # not found: an id that no path can hold
    ),
    Call(
        name="removeUser",
        tag="people",
        method="DELETE",
        path="/directory/users/{userId}",
        summary="Removes a person (role admin)",
        status=HTTPStatus.NO_CONTENT,
        errors=(Forbidden, NotFound, Conflict, Busy),
    ),
)
