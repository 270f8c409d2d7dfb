"""No sequence of requests of one person brings a record to where one request of theirs may not bring it.

On the real services, over the table in memory: patches, bulk requests and conversions, while people change teams.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from openhouse.core.errors import Conflict, OpenhouseError
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm.modules.leads import LEADS
from openhouse.identity.directory import Team, User
from openhouse.services import Runtime, Services
from tests.fakes import FakeClock, FakeGateway, counting
from tests.memory_table import MemoryTable

PEOPLE: dict[str, tuple[Any, tuple[str, ...]]] = {
    "ava": ("agent", ("north",)),
    "mia": ("agent", ("south",)),
    "kim": ("agent", ("north", "south")),
    "nora": ("lead", ("north",)),
    "lou": ("lead", ("north", "south")),
    "dana": ("broker", ()),
    "root": ("admin", ("north",)),
}
TEAMS = ("north", "south")
QUALIFIED: Document = {"lastName": "Hart", "phone": "+14155550123", "status": "qualified"}
Place = tuple[str, str | None, str]  # owner, team, visibility

names = st.sampled_from(sorted(PEOPLE))
wishes = st.fixed_dictionaries(
    {},
    optional={
        "ownerId": st.just("me") | names,
        "teamId": st.sampled_from(TEAMS),
        "visibility": st.sampled_from(["private", "team", "broker"]),
    },
)
one_wish = (
    st.builds(lambda owner: {"ownerId": owner}, st.just("me") | names)
    | st.builds(lambda team: {"teamId": team}, st.sampled_from(TEAMS))
    | st.builds(lambda visibility: {"visibility": visibility}, st.sampled_from(["private", "team", "broker"]))
)
steps = st.tuples(st.sampled_from(["patch", "bulk"]), one_wish | wishes)


@dataclass
class Brokerage:
    services: Services

    @classmethod
    def staffed(cls) -> Brokerage:
        runtime = Runtime(now=FakeClock(), sleep=lambda _: None, new_record_id=counting("id"))
        made = cls(Services(MemoryTable(), gateway=FakeGateway, runtime=runtime))
        directory = made.services.directory
        directory.found("harbor", "Harbor", User(user_id="boss", email="b@x.test", name="Boss", role="admin"))
        for team in TEAMS:
            directory.put_team("harbor", Team(team_id=team, name=team))
        for user_id, (role, team_ids) in PEOPLE.items():
            made.place(user_id, role, team_ids)
        return made

    def place(self, user_id: str, role: Any, team_ids: tuple[str, ...]) -> None:
        """By an administrator, who may."""
        user = User(user_id=user_id, email=f"{user_id}@x.test", name=user_id, role=role, team_ids=team_ids)
        self.services.administration.put_user(self.who("boss"), user)

    def who(self, user_id: str) -> Principal:
        return self.services.directory.principal(user_id, 2**40)

    def lead_at(self, place: Place) -> str:
        """A qualified lead in this place, put there by whoever owns it."""
        owner, team, visibility = place
        fields = {**QUALIFIED, "visibility": visibility, **({"teamId": team} if team else {})}
        return str(self.services.records.create(LEADS, self.who(owner), fields)["id"])

    def place_of(self, id_: str) -> Place:
        (item,) = (item for item in self.services.table.items("R#") if item["sk"] == f"lead#{id_}")  # type: ignore[attr-defined]
        return item["owner_id"], item.get("team_id"), item["visibility"]

    def ask(self, who: Principal, id_: str, how: str, wish: Document) -> bool:
        """Whether it was done. `me` is whoever asks."""
        wish = _by(who.user_id, wish)
        if how == "bulk":
            (result,) = self.services.bulk.write(LEADS, who, [{"id": id_, "changes": wish}])
            return bool(result["status"] < 400)
        try:
            self.services.records.patch(LEADS, who, id_, wish)
        except OpenhouseError:
            return False
        return True

    def may(self, who: Principal, start: Place, end: Place) -> bool:
        """Whether one request brings a record from the one place to the other."""
        return start == end or self.ask(who, self.lead_at(start), "patch", _wish(start, end))


def _by(user_id: str, wish: Document) -> Document:
    return {name: user_id if value == "me" else value for name, value in wish.items()}


def _wish(start: Place, end: Place) -> Document:
    return {
        name: new for name, old, new in zip(("ownerId", "teamId", "visibility"), start, end, strict=True) if old != new
    }


def beginnings() -> st.SearchStrategy[Place]:
    """Where owners may put what they create."""

    def place(owner: str, team: int, visibility: str) -> Place:
        teams = TEAMS if PEOPLE[owner][0] == "broker" else PEOPLE[owner][1]
        return owner, teams[team % len(teams)], visibility

    return st.builds(place, names, st.integers(0, 1), st.sampled_from(["private", "team", "broker"]))


@given(beginnings(), names, st.lists(steps, min_size=1, max_size=5))
@settings(max_examples=400, deadline=None)
def test_several_requests_achieve_nothing_that_one_may_not(
    start: Place, user_id: str, requests: list[tuple[Literal["patch", "bulk"], Document]]
) -> None:
    brokerage = Brokerage.staffed()
    who, id_ = brokerage.who(user_id), brokerage.lead_at(start)
    for how, wish in requests:
        before = brokerage.place_of(id_)
        if not brokerage.ask(who, id_, how, wish):
            assert brokerage.place_of(id_) == before
    end = brokerage.place_of(id_)
    assert brokerage.may(who, start, end), f"{user_id}: {start} -> {requests} -> {end}"


@given(beginnings(), names, wishes)
@settings(max_examples=100, deadline=None)
def test_converting_brings_the_client_only_where_a_patch_may_bring_the_lead(
    start: Place, user_id: str, wish: Document
) -> None:
    brokerage = Brokerage.staffed()
    who, id_ = brokerage.who(user_id), brokerage.lead_at(start)
    try:
        client = brokerage.services.records.convert(LEADS, who, id_, _by(user_id, wish))["client"]
    except OpenhouseError:
        return
    end = client["ownerId"], client.get("teamId"), client["visibility"]
    assert brokerage.may(who, start, end)


@given(
    beginnings(),
    st.lists(
        st.tuples(names, st.sampled_from(["patch", "bulk", "move"]), wishes, st.sampled_from([(), ("north",), TEAMS])),
        max_size=6,
    ),
)
@settings(max_examples=100, deadline=None)
def test_nobody_gets_at_a_private_record_that_somebody_else_has_not_shared(
    start: Place, steps: list[tuple[str, str, Document, tuple[str, ...]]]
) -> None:
    """While people act in turn and change teams: a record becomes private by its owner's own request alone."""
    brokerage = Brokerage.staffed()
    id_ = brokerage.lead_at(start)
    for user_id, how, wish, team_ids in steps:
        owner, _, visibility = before = brokerage.place_of(id_)
        if how == "move":
            role = PEOPLE[user_id][0]
            try:
                brokerage.place(user_id, role, () if role == "broker" else team_ids)
            except Conflict:
                continue
            assert brokerage.place_of(id_) == before
            continue
        done = brokerage.ask(brokerage.who(user_id), id_, how, wish)
        after = brokerage.place_of(id_)
        if not done:
            assert after == before
        if visibility == "private" and user_id != owner:
            assert after == before
        if after[2] == "private" and visibility != "private":
            assert user_id == owner == after[0]
