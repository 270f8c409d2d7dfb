"""The operations about people: who am I, a ticket for a socket, the brokerage, and its administration."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from openhouse.api.http import Answer, HttpRequest, answer
from openhouse.api.operations.operation import AnyOperation, Errors, Operation
from openhouse.api.people import (
    AuditPage,
    AuditParameters,
    InvitationBody,
    Me,
    Roster,
    TeamBody,
    TeamEntry,
    Ticket,
    UserBody,
    UserEntry,
    parse_audit_parameters,
)
from openhouse.collaboration.sightings import BEAT_SECONDS
from openhouse.core import clock
from openhouse.core.errors import (
    BadParameter,
    Conflict,
    Forbidden,
    IdempotencyMismatch,
    Invalid,
    MalformedJson,
    NotFound,
    NotSupported,
    SignInBusy,
    TooLarge,
)
from openhouse.core.metrics import Metric, metrics
from openhouse.core.wire import parse
from openhouse.identity.directory import Team, User
from openhouse.identity.invitations import Invitation
from openhouse.services import Services

_ADMINISTERING: Errors = (Forbidden, NotFound, Conflict)  # NotFound also answers an id that no path can hold
_BODY: Errors = (MalformedJson, TooLarge, Invalid)
_INVITING: Errors = (Forbidden, Conflict, NotSupported, SignInBusy)


def _me(request: HttpRequest, services: Services) -> Answer:
    who = request.principal
    services.directory.note_arrived(who.user_id)
    return answer(
        HTTPStatus.OK,
        {
            "userId": who.user_id,
            "email": who.email,
            "name": who.name,
            "role": who.role,
            "brokerageId": who.brokerage_id,
            "teamIds": list(who.team_ids),
            "rooms": list(who.rooms),
            "expiresAt": clock.to_wire(clock.from_seconds(who.expires_at)),
        },
    )


def _create_ticket(request: HttpRequest, services: Services) -> Answer:
    who = request.principal
    ticket, ends = services.connections.issue_ticket(who, origin=request.origin)
    metrics.count(Metric.TICKETS)
    return answer(
        HTTPStatus.CREATED,
        {
            "url": f"{services.socket_url}?{urlencode({'ticket': ticket})}",
            "ticket": ticket,
            "expiresAt": clock.to_wire(ends),
            "sessionExpiresAt": clock.to_wire(clock.from_seconds(who.expires_at)),
            "pingSeconds": services.ping_seconds,
            "presenceSeconds": BEAT_SECONDS,
        },
    )


def _directory(request: HttpRequest, services: Services) -> Answer:
    brokerage_id, directory = request.principal.brokerage_id, services.directory
    return answer(
        HTTPStatus.OK,
        {
            "brokerage": {"brokerageId": brokerage_id, "name": directory.brokerage_name(brokerage_id)},
            "teams": [team.wire() for team in directory.teams(brokerage_id)],
            "users": [user.wire() for user in directory.users(brokerage_id)],
        },
    )


def _create_team(request: HttpRequest, services: Services) -> Answer:
    body = parse(TeamBody, request.body())
    team = services.administration.create_team(request.principal, body.name, request.idempotency_key)
    return answer(HTTPStatus.CREATED, team)


def _rename_team(request: HttpRequest, services: Services) -> Answer:
    body = parse(TeamBody, request.body())
    team = Team(team_id=request.path["teamId"], name=body.name)
    return answer(HTTPStatus.OK, services.administration.rename_team(request.principal, team).wire())


def _put_user(request: HttpRequest, services: Services) -> Answer:
    who = request.principal
    body = parse(UserBody, request.body())
    user = User(
        user_id=request.path["userId"],
        email=body.email,
        name=body.name,
        role=body.role,
        team_ids=tuple(body.team_ids),
    )
    return answer(HTTPStatus.OK, services.administration.put_user(who, user).wire())


def _remove_user(request: HttpRequest, services: Services) -> Answer:
    services.administration.remove_user(request.principal, request.path["userId"])
    return answer(HTTPStatus.NO_CONTENT)


def _invite(request: HttpRequest, services: Services) -> Answer:
    body = parse(InvitationBody, request.body())
    invitation = Invitation(email=body.email, name=body.name, role=body.role, team_ids=tuple(body.team_ids))
    invited = services.invitations.invite(request.principal, invitation, request.idempotency_key)
    return answer(HTTPStatus.CREATED, invited)


def _resend_invitation(request: HttpRequest, services: Services) -> Answer:
    user = services.invitations.resend(request.principal, request.path["userId"])
    return answer(HTTPStatus.OK, user.wire())


def _revoke_invitation(request: HttpRequest, services: Services) -> Answer:
    services.invitations.revoke(request.principal, request.path["userId"])
    return answer(HTTPStatus.NO_CONTENT)


def _audit(request: HttpRequest, services: Services) -> Answer:
    asked = parse_audit_parameters(request.query)
    return answer(HTTPStatus.OK, services.audit.page(request.principal, asked.limit, asked.cursor))


PEOPLE_OPERATIONS: tuple[AnyOperation, ...] = (
    Operation(
        name="getMe", tag="people", method="GET", path="/me", summary="Returns who is calling", handle=_me, answer=Me
    ),
    Operation(
        name="createTicket",
        tag="people",
        method="POST",
        path="/realtime/tickets",
        summary="Issues an address that opens one socket",
        handle=_create_ticket,
        status=HTTPStatus.CREATED,
        answer=Ticket,
    ),
    Operation(
        name="getDirectory",
        tag="people",
        method="GET",
        path="/directory",
        summary="Returns the brokerage with its teams and people",
        handle=_directory,
        answer=Roster,
    ),
    Operation(
        name="listAudit",
        tag="people",
        method="GET",
        path="/directory/audit",
        summary="Lists who has used which power, the latest first",
        handle=_audit,
        query=AuditParameters,
        answer=AuditPage,
        errors=(BadParameter, Forbidden),
        role="admin",
    ),
    Operation(
        name="createTeam",
        tag="people",
        method="POST",
        path="/directory/teams",
        summary="Adds a team",
        handle=_create_team,
        body=TeamBody,
        status=HTTPStatus.CREATED,
        answer=TeamEntry,
        idempotent=True,
        errors=(*_BODY, BadParameter, IdempotencyMismatch, Forbidden, Conflict),
        role="admin",
    ),
    Operation(
        name="renameTeam",
        tag="people",
        method="PUT",
        path="/directory/teams/{teamId}",
        summary="Renames a team",
        handle=_rename_team,
        body=TeamBody,
        answer=TeamEntry,
        errors=(*_BODY, Forbidden, NotFound),
        role="admin",
    ),
    Operation(
        name="putUser",
        tag="people",
        method="PUT",
        path="/directory/users/{userId}",
        summary="Adds or replaces a person",
        handle=_put_user,
        body=UserBody,
        answer=UserEntry,
        errors=(*_BODY, *_ADMINISTERING),
        role="admin",
    ),
    Operation(
        name="removeUser",
        tag="people",
        method="DELETE",
        path="/directory/users/{userId}",
        summary="Removes a person",
        handle=_remove_user,
        status=HTTPStatus.NO_CONTENT,
        errors=_ADMINISTERING,
        role="admin",
    ),
    Operation(
        name="inviteUser",
        tag="people",
        method="POST",
        path="/directory/invitations",
        summary="Invites a person by e-mail",
        handle=_invite,
        body=InvitationBody,
        status=HTTPStatus.CREATED,
        answer=UserEntry,
        idempotent=True,
        errors=(*_BODY, BadParameter, IdempotencyMismatch, *_INVITING),
        role="admin",
    ),
    Operation(
        name="resendInvitation",
        tag="people",
        method="POST",
        path="/directory/invitations/{userId}/resend",
        summary="Mails an invited person another first password",
        handle=_resend_invitation,
        answer=UserEntry,
        errors=(NotFound, *_INVITING),
        role="admin",
    ),
    Operation(
        name="revokeInvitation",
        tag="people",
        method="DELETE",
        path="/directory/invitations/{userId}",
        summary="Takes an invitation back that nobody has followed",
        handle=_revoke_invitation,
        status=HTTPStatus.NO_CONTENT,
        errors=(NotFound, *_INVITING),
        role="admin",
    ),
)
