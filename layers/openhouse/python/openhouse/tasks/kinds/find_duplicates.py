"""Clients, or leads, that are one person: found by a same e-mail address or telephone number, merged where confirmed.

Looking reads each record and what is known of its addresses and numbers. Merging is a transaction for each pair: the
kept record takes what it lacks, those that named the other name it, the other is deleted (and can be recovered).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from openhouse.core.errors import invalid
from openhouse.core.merge_patch import Document
from openhouse.core.wire import Wire
from openhouse.crm.fields import Id
from openhouse.identity.audit import Deed
from openhouse.tasks.duplicates import MOST_PAIRS, look, merge
from openhouse.tasks.kind import Confirmed, TaskKind
from openhouse.tasks.taking_back import take_back
from openhouse.tasks.work import Work


class DuplicatesInput(Wire):
    """Where to look: among clients, leads, or both. A lead and a client are no pair: leads are converted."""

    among: Annotated[list[Literal["client", "lead"]], Field(min_length=1, max_length=2)] = ["client", "lead"]


class Pair(Wire):
    """`keep`: the record that stays, with what it lacks of `drop`, which goes."""

    keep: Id
    drop: Id


class PairsToMerge(Wire):
    """Of those that were proposed, either way round. Without `pairs`: those that are `sure`."""

    pairs: Annotated[list[Pair], Field(max_length=MOST_PAIRS)] | None = None


def _confirmed(_work: Work, proposal: Document, answer: PairsToMerge) -> Confirmed:
    """In the order in which they were proposed."""
    proposed = {frozenset((pair["keep"], pair["drop"])): pair for pair in proposal["pairs"]}
    if answer.pairs is None:
        return Confirmed(cursor={"pairs": [pair for pair in proposal["pairs"] if pair["sure"]]})
    wanted: list[Document] = []
    for number, pair in enumerate(answer.pairs):
        known = proposed.pop(frozenset((pair.keep, pair.drop)), None)
        if known is None:
            raise invalid((f"answer.pairs.{number}", "this pair was not proposed, or is there twice"))
        wanted.append(known if known["keep"] == pair.keep else _turned(known))
    gone = [pair["drop"] for pair in wanted]
    if len(gone) > len(set(gone)) or set(gone) & {pair["keep"] for pair in wanted}:
        raise invalid(("answer.pairs", "a record that goes can go once, and cannot be kept in another pair"))
    return Confirmed(cursor={"pairs": wanted})


def _turned(pair: Document) -> Document:
    """The other one is kept."""
    return {
        **pair,
        "keep": pair["drop"],
        "drop": pair["keep"],
        "names": pair["names"][::-1],
        "versions": pair["versions"][::-1],
    }


def _audited(work: Work, _proposal: Document, confirmed: Confirmed) -> Deed:
    pairs = {"pairs": str(len(confirmed.cursor["pairs"]))}
    return Deed(act="merge_confirmed", subject=work.task_id, name=work.title, after=pairs)


KIND = TaskKind(
    name="find_duplicates",
    title="Finding duplicates",
    input=DuplicatesInput,
    example={"among": ["client"]},
    plan=look,
    write=merge,
    undo=take_back,
    answer=PairsToMerge,
    answer_example={
        "pairs": [
            {"keep": "0199c2a0-0000-7000-8000-000000000001", "drop": "0199c2a0-0000-7000-8000-000000000002"},
        ]
    },
    confirmed=_confirmed,
    audited=_audited,
    seconds=1_800,
    plan_percent=60,
)
