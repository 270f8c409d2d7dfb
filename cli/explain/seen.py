"""Why somebody does not see a change: whether they may, what their sockets were handed, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cli.explain.commit import Client, CommitStory, is_underway
from cli.explain.finding import PersonFound, RecordFound
from cli.explain.record import RecordStory
from cli.operating.connections import Connected, connected
from cli.operating.installation import brokerages, person
from cli.watch import Names
from openhouse.core.room_names import user_room
from openhouse.services import Services

LOADED = (
    "Does a filter of their list leave it out? Else have them load the page anew: if it shows then, the page is wrong."
)
STOPPED = "Look at the alarms CanaryIsSilent and DeliveryHasStopped, and at the function fanout and its trigger."

Outcome = Literal[
    "removed",
    "another brokerage",
    "may not see it",
    "deleted",
    "archived",
    "not known any more",
    "not connected",
    "not in the room",
    "lags",
    "just written",
    "not posted",
    "handed",
    "loaded",
]


@dataclass(frozen=True)
class Seen:
    """By one person. `why`: what is the matter. `then`: what to do; a sentence or two each."""

    person: PersonFound
    outcome: Outcome
    why: str
    then: str

    def wire(self) -> dict[str, Any]:
        user = self.person.user
        return {
            "userId": self.person.user_id,
            "email": user.email if user else None,
            "outcome": self.outcome,
            "why": self.why,
            "then": self.then,
        }


def person_meant(services: Services, who: str) -> PersonFound:
    """Also one who was removed, by their id. Raises CommandFailed."""
    if known := services.directory.membership(who):
        return PersonFound(known.brokerage_id, who, known.user)
    brokerage_id, user = person(services, who, brokerages(services))
    return PersonFound(brokerage_id, user.user_id, user)


def seen_by(
    services: Services, who: PersonFound, story: CommitStory | RecordStory, names: Names, now: datetime
) -> Seen:
    """Of a record, its last change."""
    of_commit = story.latest if isinstance(story, RecordStory) else story
    if isinstance(story, RecordStory):
        refused = _refused(services, who, story.found.brokerage_id, story.found.room, names)
        refused = refused or _out_of_sight(who, story.found)
    else:
        refused = _refused(services, who, story.brokerage_id, story.commit["room"], names)
    if refused:
        return refused
    if of_commit is None:
        why = "They may see it. It was changed so long ago that the log tells nothing of it: lists load it."
        return Seen(who, "not known any more", why, LOADED)
    theirs = [each for each in of_commit.clients if each.connection and each.connection.user_id == who.user_id]
    if not theirs:
        room = names.room(of_commit.commit["room"])
        return _absent(who, connected(services, user_room(who.user_id), now), room)
    return _heard(who, theirs, of_commit, now)


def _refused(services: Services, who: PersonFound, brokerage_id: str, room: str, names: Names) -> Seen | None:
    user = who.user
    if user is None:
        why = f"They were removed from {who.brokerage_id}, so they see nothing."
        return Seen(who, "removed", why, "If that was a mistake: `openhouse brokerage user` adds them again.")
    if who.brokerage_id != brokerage_id:
        why = f"They are of {who.brokerage_id}, and this is of {brokerage_id}: nobody sees another brokerage's."
        return Seen(who, "another brokerage", why, "Have they another login? Ask which address they sign in with.")
    rooms = services.directory.principal_of(who.brokerage_id, user).rooms
    if room in rooms:
        return None
    if room.startswith("user:"):
        owner = names.person(room.partition(":")[2])
        why, then = f"It is private: {owner} alone sees it.", f"{owner} can share it with a team or with all."
        return Seen(who, "may not see it", why, then)
    why = f"It is in {names.room(room)}, and they are in {', '.join(map(names.room, rooms))}."
    then = "Whoever owns it can share it with all, or an administrator puts them into that team."
    return Seen(who, "may not see it", why, then)


def _out_of_sight(who: PersonFound, found: RecordFound) -> Seen | None:
    if found.deleted or found.item is None:
        why = "It is deleted, so nobody sees it."
        return Seen(who, "deleted", why, "Whoever may delete it finds it among what was deleted, and can recover it.")
    if found.item.get("archived"):
        why = "It is archived: lists show it only where archived ones are asked for."
        return Seen(who, "archived", why, "Whoever may edit it can restore it.")
    return None


def _absent(who: PersonFound, elsewhere: Sequence[Connected], room: str) -> Seen:
    assert who.user is not None
    if elsewhere:
        why = f"They are connected, but not to {room}: they were let into it a moment ago."
        then = "Their page joins it by itself, within minutes; at once if they load it anew."
        return Seen(who, "not in the room", why, then)
    why = "They are connected nowhere, so nothing was handed to them. Whatever they open loads it."
    last = f"`openhouse explain {who.user.email}` tells when it was last connected."
    then = f"If their page is open, it says that it is offline. {last}"
    return Seen(who, "not connected", why, then)


def _heard(who: PersonFound, theirs: Sequence[Client], story: CommitStory, now: datetime) -> Seen:
    if lagging := [each.connection_id for each in theirs if each.lagging]:
        why = f"{_sockets(lagging)} missed a post in that room and did not catch up yet."
        then = (
            "It asks for what it missed with the next change there, or after some minutes of silence; "
            "at once if they load the page anew."
        )
        return Seen(who, "lags", why, then)
    told = [each for each in theirs if each.fate == "delivered"]
    if told:
        why = f"{_sockets([each.connection_id for each in told])} was handed it."
        return Seen(who, "handed", why, LOADED)
    if any(each.fate == "unknown" for each in theirs) and not story.marked:
        if is_underway(story.commit, now):
            why = "It was written just now, and the logs do not tell yet to whom it was posted."
            return Seen(who, "just written", why, "Ask again in half a minute.")
        why = "They are connected, and no line of a log tells that it was posted to anybody."
        return Seen(who, "not posted", why, STOPPED)
    later = [each.connection_id for each in theirs if each.fate == "joined later"]
    if later and len(later) == len(theirs):
        why = f"{_sockets(later)} was opened after it was written, so the page has loaded it with all else."
        return Seen(who, "loaded", why, LOADED)
    why = f"{_sockets([each.connection_id for each in theirs])} has caught up with all that was written there."
    return Seen(who, "handed", why, LOADED)


def _sockets(ids: Sequence[str]) -> str:
    return f"Their socket {ids[0]}" if len(ids) == 1 else f"Each of their sockets {', '.join(ids)}"
