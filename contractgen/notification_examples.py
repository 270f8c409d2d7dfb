"""Examples of what is said about notifications over REST, made by the real rules at a fixed time."""

from __future__ import annotations

from contractgen.lifecycle import AVA, NOON, POSITIONS, made_id
from openhouse.collaboration.notification import KINDS, Message, first_step
from openhouse.collaboration.preferences import Channels
from openhouse.core.merge_patch import Document
from openhouse.core.room_names import brokerage_room

_MESSAGE: Document = {"level": "info", "title": "Fire drill", "text": "Today at 3 pm, in the whole building."}
_SENT = first_step(
    brokerage_room(AVA.brokerage_id),
    made_id(9),
    Message(kind="message", from_="u-456", **_MESSAGE),
    by="u-456",
    now=NOON,
)
_KINDS = {kind: Channels(browser=kind == "mentioned").model_dump(by_alias=True, mode="json") for kind in KINDS}

_ZONE = "America/Los_Angeles"


def _page() -> Document:
    assert _SENT.after is not None
    return {"items": [{**_SENT.after.wire(), "read": False}], "unread": 1, "positions": POSITIONS}


def _sent() -> Document:
    assert _SENT.after is not None
    return _SENT.after.wire()


BODIES: dict[str, Document] = {
    "sendNotification": {"to": {"brokerage": True}, **_MESSAGE},
    "markAllNotificationsRead": {"until": made_id(9)},
    "patchPreferences": {"kinds": {"mentioned": {"browser": True}}, "timeZone": _ZONE},
}

ANSWERS: dict[str, Document] = {
    "listNotifications": _page(),
    "sendNotification": _sent(),
    "getPreferences": {"kinds": _KINDS, "positions": POSITIONS},
    "patchPreferences": {"kinds": _KINDS, "timeZone": _ZONE, "positions": POSITIONS},
}
