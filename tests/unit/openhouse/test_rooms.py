from __future__ import annotations

import pytest

from openhouse.core.errors import Forbidden, Invalid
from openhouse.core.room_names import shard_of, shards_of
from openhouse.crm.access import check_may_move, room_of, team_for
from tests.fakes import AVA, DANA, principal


def test_a_principal_is_in_the_rooms_of_their_user_teams_and_brokerage() -> None:
    assert DANA.rooms == ("user:dana", "team:north", "team:south", "broker:harbor")


@pytest.mark.parametrize(
    ("visibility", "room"), [("private", "user:ava"), ("team", "team:north"), ("broker", "broker:harbor")]
)
def test_visibility_chooses_the_one_room_of_a_record(visibility, room) -> None:
    assert room_of(visibility, owner_id="ava", team_id="north", brokerage_id="harbor") == room


def test_a_team_record_needs_a_team() -> None:
    with pytest.raises(Invalid):
        room_of("team", owner_id="ava", team_id=None, brokerage_id="harbor")


def test_the_team_of_a_new_record_is_the_only_one_or_the_one_named() -> None:
    assert team_for(AVA, None) == "north"
    assert team_for(DANA, None) is None
    assert team_for(DANA, "south") == "south"
    assert team_for(principal("solo"), None) is None
    with pytest.raises(Invalid):
        team_for(AVA, "south")


@pytest.mark.parametrize(
    ("who", "to", "allowed"),
    [
        (AVA, "private", True),
        (AVA, "broker", True),
        (principal("ben", "north"), "broker", False),
        (principal("lea", "north", role="lead"), "broker", True),
        (principal("lea", "north", role="lead"), "private", False),
        (principal("dan", "north", role="broker"), "team", True),
        (principal("adi", "north", role="admin"), "team", False),
    ],
)
def test_visibility_changes_by_owner_lead_or_broker_and_to_private_by_the_owner(who, to, allowed) -> None:
    if allowed:
        check_may_move(who, owner_id="ava", to=to, room=who.rooms[-1])
    else:
        with pytest.raises(Forbidden):
            check_may_move(who, owner_id="ava", to=to, room=who.rooms[-1])


def test_not_even_the_owner_moves_a_record_into_a_room_they_are_not_in() -> None:
    with pytest.raises(Forbidden):
        check_may_move(AVA, owner_id="ava", to="team", room="team:south")
    with pytest.raises(Forbidden):
        check_may_move(AVA, owner_id="ava", to="broker", room="broker:other")


def test_broker_rooms_are_spread_over_their_shards_and_others_have_one() -> None:
    used = {shard_of("broker:harbor", f"connection-{number}", 4) for number in range(100)}
    assert used == set(shards_of("broker:harbor", 4)) == {0, 1, 2, 3}
    assert shard_of("team:north", "connection-1", 4) == 0
    assert list(shards_of("team:north", 4)) == [0]
