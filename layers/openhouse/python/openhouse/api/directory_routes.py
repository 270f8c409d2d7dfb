"""The REST routes about people: who am I, a ticket for a socket, the brokerage, and its administration."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from openhouse.api.http import Answer, Api, answer
from openhouse.api.people import TeamBody, UserBody
from openhouse.core import clock
from openhouse.core.wire import parse
from openhouse.identity.administration import Administration
from openhouse.identity.directory import Directory, Team, User
from openhouse.rooms.connections import Connections


def directory_routes(
    directory: Directory, administration: Administration, connections: Connections, socket_url: str
) -> Api:
    api = Api()

    @api.route("GET", "/me")
    def me() -> Answer:
        who = api.principal
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

    @api.route("POST", "/realtime/tickets")
    def ticket() -> Answer:
        who = api.principal
        text, ends = connections.issue_ticket(who)
        return answer(
            HTTPStatus.CREATED,
            {
                "url": f"{socket_url}?{urlencode({'ticket': text})}",
                "ticket": text,
                "expiresAt": clock.to_wire(ends),
                "sessionExpiresAt": clock.to_wire(clock.from_seconds(who.expires_at)),
            },
        )

    @api.route("GET", "/directory")
    def roster() -> Answer:
        brokerage_id = api.principal.brokerage_id
        return answer(
            HTTPStatus.OK,
            {
                "brokerage": {"brokerageId": brokerage_id, "name": directory.brokerage_name(brokerage_id)},
                "teams": [team.wire() for team in directory.teams(brokerage_id)],
                "users": [user.wire() for user in directory.users(brokerage_id)],
            },
        )

    @api.route("PUT", "/directory/teams/<team_id>")
    def put_team(team_id: str) -> Answer:
        who = api.principal
        body = parse(TeamBody, api.body())
        return answer(HTTPStatus.OK, administration.put_team(who, Team(team_id=team_id, name=body.name)).wire())

    @api.route("PUT", "/directory/users/<user_id>")
    def put_user(user_id: str) -> Answer:
        who = api.principal
        body = parse(UserBody, api.body())
        user = User(user_id=user_id, email=body.email, name=body.name, role=body.role, team_ids=tuple(body.team_ids))
        return answer(HTTPStatus.OK, administration.put_user(who, user).wire())

    @api.route("DELETE", "/directory/users/<user_id>")
    def remove_user(user_id: str) -> Answer:
        administration.remove_user(api.principal, user_id)
        return answer(HTTPStatus.NO_CONTENT)

    return api
