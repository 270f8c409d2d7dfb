"""Whether what a change names is in reach: other records, of the caller; people, in the brokerage.

Checked when a record begins to name something. What it names may go later: a client treats an unknown id as gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic.alias_generators import to_camel

from openhouse.core.errors import Invalid, invalid
from openhouse.core.ids import MAX_ID_LENGTH
from openhouse.core.principal import Principal
from openhouse.crm.access import fits
from openhouse.crm.changes import Change, added_references
from openhouse.crm.module import USER
from openhouse.crm.reach import Reach
from openhouse.identity.directory import Directory, User
from openhouse.storage.keys import roster_key
from openhouse.storage.writes import Check, equals

Fault = tuple[str, str]  # a field in wire form, and what is wrong with it


class References:
    def __init__(self, reach: Reach, directory: Directory) -> None:
        self._reach = reach
        self._directory = directory

    def judge(self, principal: Principal, changes: Sequence[Change]) -> list[Change | Invalid]:
        """Each change, guarded by what it relies on, or why it cannot be.

        Reads once for all of them, and nothing if they name nothing new.
        """
        new_records = {
            (change.module.noun, change.after.id) for change in changes if change.before is None and change.after
        }
        records = {
            (noun, id_)
            for change in changes
            for noun, ids in _named_records(change).items()
            for id_ in ids
            if len(id_) <= MAX_ID_LENGTH
        }
        people = {id_ for change in changes for id_ in _named_people(change)}
        reached = new_records | self._reach.items(principal, records - new_records, only_keys=True).keys()
        users = self._directory.some_users(principal.brokerage_id, people) if people else {}
        return [_judged(principal, change, reached, users) for change in changes]


def _named_records(change: Change) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for field, ids in added_references(change).items():
        if (noun := change.module.references[field]) != USER:
            found.setdefault(noun, set()).update(ids)
    return found


def _named_people(change: Change) -> set[str]:
    named = {
        id_ for field, ids in added_references(change).items() if change.module.references[field] == USER for id_ in ids
    }
    return named | ({change.after.owner_id} if change.after and _names_an_owner(change) else set())


def _names_an_owner(change: Change) -> bool:
    """To another owner or team: then its owner must be able to see it."""
    before, after = change.before or change.origin or change.recovered, change.after
    if after is None:
        return False
    if before is None:
        return after.owner_id != change.by
    return (before.owner_id, before.team_id) != (after.owner_id, after.team_id)


def _judged(
    principal: Principal, change: Change, reached: set[tuple[str, str]], users: dict[str, User]
) -> Change | Invalid:
    if faults := _faults_of(principal, change, reached, users):
        return invalid(*faults)
    if change.after and _names_an_owner(change) and (owner := users.get(change.after.owner_id)):
        # Whoever is moved or removed meanwhile is not made an owner after all.
        unmoved = equals(role=owner.role, team_ids=list(owner.team_ids))
        return replace(change, guards=(Check(roster_key(principal.brokerage_id, "user", owner.user_id), unmoved),))
    return change


def _faults_of(
    principal: Principal, change: Change, reached: set[tuple[str, str]], users: dict[str, User]
) -> list[Fault]:
    faults: list[Fault] = []
    for field, ids in added_references(change).items():
        noun = change.module.references[field]
        known = users.keys() | {principal.user_id} if noun == USER else {id_ for kind, id_ in reached if kind == noun}
        what = "person in your brokerage" if noun == USER else f"{noun} that you can reach"
        faults += [(to_camel(field), f"there is no {what} with the id {id_}") for id_ in sorted(ids - known)]
    if change.after and _names_an_owner(change) and change.after.owner_id != principal.user_id:
        owner = users.get(change.after.owner_id)
        if owner is None:
            faults.append(("ownerId", "there is no such person in your brokerage"))
        elif not fits(owner, change.after.team_id):
            faults.append(("ownerId", "its owner would not be in the record's team: name one who is"))
    return faults
