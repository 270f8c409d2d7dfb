"""The operations on notifications, and on who wants to hear of what."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from openhouse.api.http import Answer, HttpRequest, answer
from openhouse.api.notifications import (
    NewNotification,
    NotificationPage,
    NotificationQuery,
    PreferencesAnswer,
    PreferencesPatch,
    ReadBody,
)
from openhouse.api.operations.operation import AnyOperation, Errors, Operation
from openhouse.api.query_parameters import parse_parameters
from openhouse.collaboration.notification import NOTIFICATIONS, Message, Notification
from openhouse.collaboration.notifications import Recipients
from openhouse.collaboration.preferences import PREFERENCES, Chosen
from openhouse.core.errors import (
    BadParameter,
    Forbidden,
    IdempotencyMismatch,
    Invalid,
    MalformedJson,
    NotFound,
    TooLarge,
)
from openhouse.core.room_names import user_room
from openhouse.core.wire import parse
from openhouse.services import Services

_BODY: Errors = (MalformedJson, TooLarge, Invalid)


def _list(request: HttpRequest, services: Services) -> Answer:
    query = parse_parameters(NotificationQuery, request.query)
    return answer(HTTPStatus.OK, services.notifications.page(request.principal, query.limit, query.cursor))


def _send(request: HttpRequest, services: Services) -> Answer:
    body, sender = parse(NewNotification, request.body()), request.principal
    to = Recipients(user_id=body.to.user_id, team_id=body.to.team_id, brokerage=bool(body.to.brokerage))
    message = Message(
        kind="message", level=body.level, title=body.title, text=body.text, about=body.about, from_=sender.user_id
    )
    return answer(HTTPStatus.CREATED, services.notifications.send(sender, to, message, request.idempotency_key))


def _mark_read(request: HttpRequest, services: Services) -> Answer:
    services.notifications.mark_read(request.principal, request.path["id"])
    return answer(HTTPStatus.NO_CONTENT)


def _mark_all_read(request: HttpRequest, services: Services) -> Answer:
    body = parse(ReadBody, request.body(optional=True))
    services.notifications.mark_all_read(request.principal, body.until)
    return answer(HTTPStatus.NO_CONTENT)


def _preferences(request: HttpRequest, services: Services) -> Answer:
    user_id = request.principal.user_id
    positions = services.log.positions([user_room(user_id)])
    return answer(HTTPStatus.OK, {**_wire(services.preferences.read(user_id)), "positions": positions})


def _change_preferences(request: HttpRequest, services: Services) -> Answer:
    body, who = parse(PreferencesPatch, request.body()), request.principal
    positions = services.log.positions([user_room(who.user_id)])
    chosen = services.preferences.change(who, body.kinds, body.time_zone)
    return answer(HTTPStatus.OK, {**_wire(chosen), "positions": positions})


def _wire(chosen: Chosen) -> dict[str, Any]:
    return chosen.model_dump(by_alias=True, exclude_none=True)


NOTIFICATION_OPERATIONS: tuple[AnyOperation, ...] = (
    Operation(
        name="listNotifications",
        tag=NOTIFICATIONS.path,
        method="GET",
        path="/notifications",
        summary="Lists the notifications that you have got, page by page, with what you have read",
        handle=_list,
        query=NotificationQuery,
        answer=NotificationPage,
        errors=(BadParameter,),
    ),
    Operation(
        name="sendNotification",
        tag=NOTIFICATIONS.path,
        method="POST",
        path="/notifications",
        summary="Sends a message: leads to their teams and the people in them, brokers and administrators to everybody",
        handle=_send,
        body=NewNotification,
        status=HTTPStatus.CREATED,
        answer=Notification,
        idempotent=True,
        errors=(*_BODY, BadParameter, IdempotencyMismatch, Forbidden),
    ),
    Operation(
        name="markAllNotificationsRead",
        tag=NOTIFICATIONS.path,
        method="POST",
        path="/notifications/read",
        summary="Marks all notifications as read, or all up to one",
        handle=_mark_all_read,
        body=ReadBody,
        body_is_optional=True,
        status=HTTPStatus.NO_CONTENT,
        errors=_BODY,
    ),
    Operation(
        name="markNotificationRead",
        tag=NOTIFICATIONS.path,
        method="POST",
        path="/notifications/{id}/read",
        summary="Marks a notification as read",
        handle=_mark_read,
        status=HTTPStatus.NO_CONTENT,
        errors=(NotFound,),
    ),
    Operation(
        name="getPreferences",
        tag=PREFERENCES.path,
        method="GET",
        path="/preferences",
        summary="Returns of which kinds of notifications you want to hear, and how",
        handle=_preferences,
        answer=PreferencesAnswer,
    ),
    Operation(
        name="patchPreferences",
        tag=PREFERENCES.path,
        method="PATCH",
        path="/preferences",
        summary="Changes of which kinds of notifications you want to hear, and how",
        handle=_change_preferences,
        body=PreferencesPatch,
        patch=True,
        answer=PreferencesAnswer,
        errors=_BODY,
    ),
)
