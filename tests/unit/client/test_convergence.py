"""Whatever the network, other people and operators do: once it is quiet, the copy equals the server."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhouse_client.feed import Feed
from openhouse_client.protocol import Position, read_positions
from tests.unit.client.history import History
from tests.unit.client.model import NOUN, Model, read, sync_reply, wire

HISTORIES = 3_000
NORTH = "team:north"


@pytest.mark.parametrize("length", [15, 40, 120])
def test_after_any_history_the_copy_equals_the_server(length):
    for seed in range(HISTORIES * 15 // length):
        history = History(Random(seed))
        history.run(length)
        history.come_to_rest()
        assert history.cache.all(NOUN) == history.model.visible(), f"seed {seed}"
        assert history.feed.positions() == read_positions(history.model.heads()), f"seed {seed}"


@given(st.data())
def test_drops_repeats_and_any_order_followed_by_a_sync_let_everything_through_once_in_order(data):
    model = Model(NORTH)
    feed = Feed({NORTH: Position(model.epochs[NORTH], 0)}, capacity=3)
    for number in range(8):
        model.create(f"e{number}", NORTH)
    arriving = data.draw(st.lists(st.sampled_from(model.stream), max_size=20))
    through = feed.receive(read(arriving))
    feed.heard(read_positions(model.heads()))
    while feed.behind:
        asked = feed.positions()
        replayed, content = model.sync(wire(asked), limit=3)
        through += feed.receive(read(replayed))
        feed.resumed(asked, sync_reply(content))
    assert [commit.position.seq for commit in through] == list(range(1, 9))
