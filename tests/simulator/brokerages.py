"""The brokerages and their people, as each history begins."""

from __future__ import annotations

from openhouse.identity.directory import User

TEAMS = {"harbor": ("north", "south"), "other": ("west",)}
PEOPLE = {
    "harbor": (
        User(user_id="ava", email="ava@demo.test", name="Ava", role="agent", team_ids=("north",)),
        User(user_id="ben", email="ben@demo.test", name="Ben", role="lead", team_ids=("north", "south")),
        User(user_id="dana", email="dana@demo.test", name="Dana", role="broker"),
        User(user_id="kim", email="kim@demo.test", name="Kim", role="agent", team_ids=("north", "south")),
        User(user_id="root", email="root@demo.test", name="Root", role="admin", team_ids=("south",)),
    ),
    "other": (User(user_id="zed", email="zed@demo.test", name="Zed", role="agent", team_ids=("west",)),),
}
BROKERAGE = {user.user_id: broker for broker, users in PEOPLE.items() for user in users}
EVERYONE = tuple(BROKERAGE)
