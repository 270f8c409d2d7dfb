"""Frames that both sides were tested with: the server made them, and the client makes of them what was meant."""

from __future__ import annotations

from pathlib import Path

from openhouse_client.cache import Cache
from openhouse_client.feed import Feed
from openhouse_client.protocol import Commits, Position, read_frame

FRAMES = Path(__file__).parent / "frames"


def test_a_clients_copy_follows_the_frame_that_the_fan_out_posted() -> None:
    news = read_frame((FRAMES / "escrow_updated.json").read_text())
    assert isinstance(news, Commits)
    cache = Cache(["escrow"])
    before = {"id": "id-0001", "version": 1, "room": "team:north", "purchasePriceCents": 42_500_000, "notes": "kept"}
    with cache.fetching() as fetch:
        cache.load("escrow", [before], fetch)
    feed = Feed({"team:north": Position("epoch-0001", 1)})
    for commit in feed.receive(news.commits):
        cache.apply(commit)
    assert cache.get("escrow", "id-0001") == {
        **before,
        "version": 2,
        "purchasePriceCents": 43_000_000,
        "updatedAt": "2026-03-02T12:00:05.000Z",
    }
    assert feed.positions() == {"team:north": Position("epoch-0001", 2)}
