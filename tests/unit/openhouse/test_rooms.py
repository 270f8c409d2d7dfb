from __future__ import annotations

from openhouse.core.room_names import shard_of, shards_of
from tests.fakes import DANA


def test_a_principal_is_in_the_rooms_of_their_user_teams_and_brokerage() -> None:
    assert DANA.rooms == ("user:dana", "team:north", "team:south", "broker:harbor")


def test_brokerage_rooms_are_spread_over_their_shards_and_others_have_one() -> None:
    used = {shard_of("broker:harbor", f"connection-{number}", 4) for number in range(100)}
    assert used == set(shards_of("broker:harbor", 4)) == {0, 1, 2, 3}
    assert shard_of("team:north", "connection-1", 4) == 0
    assert list(shards_of("team:north", 4)) == [0]
