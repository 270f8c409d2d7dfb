"""Harbor with its people in the directory, for tests of what one of them may do to another's records."""

from __future__ import annotations

from openhouse.core.principal import Principal
from openhouse.identity.directory import Team, User
from tests.fakes import AVA, BEN, DANA, MIA, STRANGER, principal
from tests.functional.conftest import World

LEE = principal("lee", "north", role="lead")
SUE = principal("sue", "south", role="lead")
LOU = principal("lou", "north", "south", role="lead")
TOM = principal("tom", "north", "south")
STAFF = (AVA, BEN, MIA, DANA, LEE, SUE, LOU, TOM)


def staff(world: World) -> None:
    for who, team_ids in ((principal("root", role="admin"), ("north", "south")), (STRANGER, STRANGER.team_ids)):
        world.directory.found(who.brokerage_id, who.brokerage_id.title(), _user(who))
        for team_id in team_ids:
            world.directory.put_team(who.brokerage_id, Team(team_id=team_id, name=team_id.title()))
    for who in STAFF:
        hire(world, who)


def hire(world: World, who: Principal) -> None:
    """Or move to the teams they are in now."""
    world.directory.put_user(who.brokerage_id, _user(who))


def _user(who: Principal) -> User:
    team_ids = () if who.role in ("broker", "admin") or who == STRANGER else who.team_ids
    return User(user_id=who.user_id, email=who.email, name=who.name, role=who.role, team_ids=team_ids)
