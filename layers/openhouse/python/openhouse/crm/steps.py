"""The steps of a record's history: what a change is told as, and the form in which several are kept. Pure."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

from openhouse.core import clock
from openhouse.core.json_text import compact
from openhouse.core.merge_patch import Document, difference
from openhouse.crm import events
from openhouse.crm.changes import Change

Step = Document  # `{version, at, by, action, changes, reason}`; `changes`: a merge patch, from nothing for a new record

_NAMES = ("version", "at", "by", "action", "changes", "reason")
_AUDIT = {"version": "version", "updatedAt": "at", "updatedBy": "by"}  # what every step changes, and says by itself

# What steps are made of, for zlib to refer to: its end costs least. What was packed needs it as it is, for good.
_VOCABULARY = (
    b'"timeline":{"inspection":{"title":"checklists":{"loan":{"house":{"admin":{"doneAt":"documents":{"label":"value":'
    b'"clientIds":{"emails":{"phones":{"address":"description":"source":"budget":"title":"startsAt":"endsAt":"location":'
    b'"firstName":"lastName":"email":"phone":"+1"buyerName":"sellerName":"city":"state":"CA","zip":"9","archived":true,'
    b'"teamId":"ownerId":"visibility":"private""broker""team""commissionPercent":"commissionTotalCents":"loanAmountCents":'
    b'"notes":"listPriceCents":"propertyAddress":"status":"pending""closed""active""closeOfEscrowDate":"20'
    b'"purchasePriceCents":null,"deleted",{}],"created",{"status_changed",{":00.000Z","updated",{"}],[[1,"202'
)


def step_of(change: Change) -> Step:
    record = change.after or change.before
    assert record is not None
    return {
        "version": record.version if change.after else record.version + 1,
        "at": clock.to_wire(change.at),
        "by": change.by,
        "action": _action(change),
        "changes": _changes(change),
        **({"reason": change.reason} if change.reason else {}),
    }


def packed(steps: Sequence[Step]) -> str:
    """They are much alike: the first takes some 100 bytes, each further one some 30."""
    made = zlib.compressobj(9, wbits=-zlib.MAX_WBITS, zdict=_VOCABULARY)
    text = compact([_values(step) for step in steps])
    return b64encode(made.compress(text.encode()) + made.flush()).decode()


def unpacked(text: str) -> list[Step]:
    """What `packed` made a text of; none of an empty one."""
    if not text:
        return []
    content = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_VOCABULARY).decompress(b64decode(text))
    return [_step(values) for values in json.loads(content)]


def _values(step: Step) -> list[Any]:
    own = {name: value for name, value in step["changes"].items() if name not in _AUDIT}
    return [*{**step, "changes": own}.values()]


def _step(values: list[Any]) -> Step:
    step = dict(zip(_NAMES, values, strict=False))
    audit = {field: step[name] for field, name in _AUDIT.items()} if step["action"] != "deleted" else {}
    return {**step, "changes": {**step["changes"], **audit}}


def _action(change: Change) -> str:
    if change.after is None:
        return "deleted"
    if change.recovered:
        return "recovered"
    if change.reason:
        return "reopened"
    if change.before is None:
        return "created"
    return events.verb(change.module, change.before, change.after)


def _changes(change: Change) -> Document:
    if change.after is None:
        return {}
    before = change.before or change.recovered
    return difference(before.wire() if before else {}, change.after.wire())
