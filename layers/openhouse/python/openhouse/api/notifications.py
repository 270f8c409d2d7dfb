"""What is said about notifications over REST."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from openhouse.api.query_parameters import plain_number
from openhouse.collaboration.notification import About, Kind, Notification
from openhouse.collaboration.preferences import Channels, ChannelsPatch
from openhouse.core.ids import MAX_ID_LENGTH
from openhouse.core.levels import Level
from openhouse.core.wire import Wire
from openhouse.crm.fields import Remark, RequiredText, TimeZone
from openhouse.rooms.position import Position

MOST_ITEMS = 100

_Id = Annotated[str, Field(min_length=1, max_length=MAX_ID_LENGTH)]
_UserId = Annotated[str, Field(min_length=1, max_length=128)]


class NotificationQuery(Wire):
    limit: Annotated[
        int, Field(ge=1, le=MOST_ITEMS, description="Maximum per page."), BeforeValidator(plain_number)
    ] = 30
    cursor: Annotated[_Id, Field(description="From the page before.")] | None = None


class NotificationEntry(Notification):
    read: bool


class NotificationPage(Wire):
    """Newest first, of the last 30 days. `unread` counts up to 100."""

    items: list[NotificationEntry]
    unread: Annotated[int, Field(ge=0, le=100)]
    positions: Annotated[dict[str, Position], Field(description="By room, read before the rest: sync from here.")]
    cursor: str | None = None


class To(Wire):
    """One of them."""

    user_id: _UserId | None = None
    team_id: _UserId | None = None
    brokerage: Literal[True] | None = None


class NewNotification(Wire):
    to: To
    level: Level
    title: RequiredText
    text: Remark
    about: About | None = None

    def cross_field_errors(self) -> Iterator[tuple[str, str]]:
        if sum(one is not None for one in (self.to.user_id, self.to.team_id, self.to.brokerage)) != 1:
            yield "to", "name one of userId, teamId and brokerage"


class ReadBody(Wire):
    """`until`: the newest that was seen. Without it: all."""

    until: _Id | None = None


class PreferencesPatch(Wire):
    """Of the kinds that change, what changes. `timeZone`: where you are; without it, you stay where you were."""

    kinds: dict[Kind, ChannelsPatch] = {}
    time_zone: TimeZone | None = None


class PreferencesAnswer(Wire):
    """Of all kinds. `timeZone`: where you are, by whose mornings the daily brief comes."""

    kinds: dict[Kind, Channels]
    time_zone: TimeZone | None = None
    positions: Annotated[dict[str, Position], Field(description="By room, read before the rest: sync from here.")]
