"""The table of rights, and that no sequence of steps reaches what one step refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from openhouse.core.errors import Forbidden, Invalid, OpenhouseError
from openhouse.core.principal import Principal
from openhouse.core.room_names import Visibility
from openhouse.crm.access import (
    Placement,
    Right,
    authorize,
    authorize_creation,
    authorize_move,
    fits,
    rights,
    room_of,
)
from tests.fakes import principal

AGENT = principal("agent", "north")
OTHER = principal("other", "south")
BOTH = principal("both", "north", "south")
LEAD = principal("lead", "north", role="lead")
LEAD_OF_BOTH = principal("lead2", "north", "south", role="lead")
BROKER = principal("broker", "north", "south", role="broker")
ADMIN = principal("admin", "north", role="admin")
LONELY = principal("lonely")
STAFF = (AGENT, OTHER, BOTH, LEAD, LEAD_OF_BOTH, BROKER, ADMIN, LONELY)
TEAMS = ("north", "south", None)

ALL = [
    Placement(owner_id=who.user_id, team_id=team_id, visibility=visibility, taken_over=taken)
    for who, team_id, visibility, taken in product(STAFF, TEAMS, get_args(Visibility), (False, True))
    if visibility != "team" or team_id is not None
]
Visible = tuple[str, str | None, Visibility]


def visible(placement: Placement) -> Visible:
    return placement.owner_id, placement.team_id, placement.visibility


def one_step(who: Principal, before: Placement) -> Iterator[Placement]:
    """Where one request brings the record to."""
    for wanted in ALL:
        owner = next(each for each in STAFF if each.user_id == wanted.owner_id)
        moved = (wanted.owner_id, wanted.team_id) != (before.owner_id, before.team_id)
        if wanted.taken_over or (moved and not fits(owner, wanted.team_id)):
            continue
        try:
            yield authorize_move(who, before, wanted)
        except OpenhouseError:
            continue


@pytest.mark.parametrize("who", STAFF, ids=lambda who: who.user_id)
def test_what_one_step_refuses_no_sequence_of_steps_reaches(who: Principal) -> None:
    steps = {before: set(one_step(who, before)) for before in ALL}
    for before in ALL:
        at_once = {visible(after) for after in steps[before]} | {visible(before)}
        seen, waiting = {before}, [before]
        while waiting:
            for after in steps[waiting.pop()] - seen:
                assert visible(after) in at_once, f"{before} -> ... -> {after}"
                seen.add(after)
                waiting.append(after)


@pytest.mark.parametrize("who", STAFF, ids=lambda who: who.user_id)
def test_what_cannot_be_reached_cannot_be_moved_and_nothing_moves_out_of_reach(who: Principal) -> None:
    for before in ALL:
        reached = room_of(before, "harbor") in who.rooms
        for after in one_step(who, before):
            assert reached or visible(after) == visible(before)
            assert room_of(after, "harbor") in who.rooms or visible(after) == visible(before)


@pytest.mark.parametrize("who", [LEAD, LEAD_OF_BOTH, BROKER, ADMIN, BOTH], ids=lambda who: who.user_id)
def test_nobody_makes_a_record_of_somebody_else_private(who: Principal) -> None:
    for before in ALL:
        if before.visibility != "private" and before.owner_id != who.user_id:
            assert all(after.visibility != "private" for after in one_step(who, before))


def test_who_took_a_record_cannot_make_it_private_but_who_was_given_it_can() -> None:
    before = Placement(owner_id="agent", team_id="north", visibility="team")
    taken = authorize_move(LEAD, before, replace(before, owner_id="lead"))
    assert taken.taken_over
    with pytest.raises(Forbidden):
        authorize_move(LEAD, taken, replace(taken, visibility="private"))
    given = authorize_move(BROKER, taken, replace(taken, owner_id="both"))
    assert not given.taken_over
    assert authorize_move(BOTH, given, replace(given, visibility="private")).visibility == "private"


NORTH = {
    visibility: Placement(owner_id="x", team_id="north", visibility=visibility) for visibility in ("team", "broker")
}
READ, WRITE = {Right.READ}, {Right.READ, Right.EDIT}
EVERYTHING = set(Right)


@pytest.mark.parametrize(
    ("who", "visibility", "expected"),
    [
        (AGENT, "team", WRITE),
        (AGENT, "broker", WRITE),
        (BOTH, "team", WRITE),
        (OTHER, "team", set()),
        (OTHER, "broker", READ),
        (LEAD, "team", EVERYTHING),
        (LEAD, "broker", EVERYTHING),
        (principal("sue", "south", role="lead"), "broker", READ),
        (principal("sue", "south", role="lead"), "team", set()),
        (BROKER, "team", EVERYTHING),
        (BROKER, "broker", EVERYTHING),
        (ADMIN, "team", WRITE),
        (principal("root", role="admin"), "team", set()),
        (principal("root", role="admin"), "broker", READ),
    ],
    ids=lambda value: getattr(value, "user_id", None),
)
def test_what_someone_may_do_with_anothers_record(who: Principal, visibility: str, expected: set[Right]) -> None:
    assert rights(who, NORTH[visibility]) == expected


@pytest.mark.parametrize("visibility", get_args(Visibility))
def test_an_owner_shares_and_deletes_but_neither_gives_away_nor_reopens(visibility: Visibility) -> None:
    own = Placement(owner_id="agent", team_id="north", visibility=visibility)
    assert rights(AGENT, own) == {Right.READ, Right.EDIT, Right.DELETE, Right.SHARE}


def test_a_lead_reopens_what_they_own_outside_of_their_team_too() -> None:
    own = Placement(owner_id="lead", team_id=None, visibility="private")
    assert rights(LEAD, own) == {Right.READ, Right.EDIT, Right.DELETE, Right.SHARE, Right.REOPEN}


def test_a_private_record_exists_for_its_owner_alone() -> None:
    private = Placement(owner_id="agent", team_id="north", visibility="private")
    assert [who for who in STAFF if rights(who, private)] == [AGENT]


def test_an_owner_who_has_left_the_team_does_not_reach_its_record() -> None:
    left = Placement(owner_id="other", team_id="north", visibility="team")
    assert rights(OTHER, left) == set()
    with pytest.raises(Forbidden):
        authorize(OTHER, left, Right.READ)


def test_a_team_cannot_be_removed_from_a_record() -> None:
    before = Placement(owner_id="agent", team_id="north", visibility="broker")
    with pytest.raises(Invalid):
        authorize_move(AGENT, before, replace(before, team_id=None))


def test_the_team_of_a_new_record_is_the_only_one_or_the_one_named() -> None:
    def team(who: Principal, team_id: str | None, visibility: Visibility = "team") -> str | None:
        wanted = Placement(owner_id=who.user_id, team_id=team_id, visibility=visibility)
        return authorize_creation(who, wanted).team_id

    assert team(AGENT, None) == "north"
    assert team(BROKER, "south") == "south"
    assert team(BOTH, None, "broker") is None
    for who, team_id in ((AGENT, "south"), (BOTH, None), (LONELY, None)):
        with pytest.raises(Invalid):
            team(who, team_id)


@pytest.mark.parametrize(
    ("who", "owner", "allowed"),
    [(AGENT, "other", False), (LEAD, "agent", True), (BROKER, "agent", True), (ADMIN, "agent", False)],
    ids=lambda value: getattr(value, "user_id", None),
)
def test_a_new_record_is_for_somebody_else_if_a_lead_or_a_broker_makes_it(
    who: Principal, owner: str, allowed: bool
) -> None:
    wanted = Placement(owner_id=owner, team_id="north", visibility="team")
    if allowed:
        assert authorize_creation(who, wanted) == wanted
    else:
        with pytest.raises(Forbidden):
            authorize_creation(who, wanted)
    with pytest.raises(Forbidden):
        authorize_creation(who, replace(wanted, visibility="private"))
