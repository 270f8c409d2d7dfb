"""The REST API, one method per call. Nothing is tried twice here, but for a token that had ended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from openhouse_client.errors import Problem, ProtocolError, Unreachable
from openhouse_client.protocol import Position, read_positions, read_time, reading
from openhouse_client.tokens import TokenSource

Document = dict[str, Any]

LONGEST_PAGE = 200


@dataclass(frozen=True)
class Page:
    """`positions` were read before the items: commits after them may or may not show in the items already."""

    items: list[Document]
    cursor: str | None
    positions: dict[str, Position]


@dataclass(frozen=True)
class Ticket:
    """`url` opens one socket, within seconds; `text` prolongs one that is open. The session ends with its token.

    `ping_seconds`: of silence, after which the server wants to be asked. `presence_seconds`: between two beats; None if
    it does not want to be told who is there.
    """

    url: str
    text: str
    session_ends: datetime
    ping_seconds: float = 240.0
    presence_seconds: float | None = None


class Rest:
    """`path` is a module's plural, such as `escrows`. Every method raises Problem or Unreachable."""

    def __init__(self, base_url: str, tokens: TokenSource, http: httpx.AsyncClient) -> None:
        self._base_url = base_url.rstrip("/")
        self._tokens = tokens
        self._http = http

    async def page(self, path: str, *, limit: int = 50, cursor: str | None = None, **filters: str) -> Page:
        """`filters`: sort, status, archived, owner, from, to, q."""
        query = {**filters, "limit": str(limit), **({"cursor": cursor} if cursor else {})}
        content = await self._call("GET", f"/{path}", query=query)
        with reading("a list"):
            return Page(list(content["items"]), content.get("cursor"), read_positions(content["positions"]))

    async def states(self, path: str) -> Page:
        """Live states, such as those of `presence`, all at once."""
        content = await self._call("GET", f"/{path}")
        with reading("a list"):
            return Page(list(content["items"]), None, read_positions(content["positions"]))

    async def pages(self, path: str, *, limit: int = LONGEST_PAGE, **filters: str) -> AsyncIterator[Page]:
        """Every page, newest records first."""
        cursor: str | None = None
        while True:
            page = await self.page(path, limit=limit, cursor=cursor, **filters)
            yield page
            if not (cursor := page.cursor):
                return

    async def read(self, path: str, id_: str) -> Document:
        return await self._call("GET", _one(path, id_))

    async def create(self, path: str, record: Mapping[str, Any], *, idempotency_key: str | None = None) -> Document:
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return await self._call("POST", f"/{path}", headers=headers, body=record)

    async def patch(
        self,
        path: str,
        id_: str,
        changes: Mapping[str, Any],
        *,
        version: int | None = None,
        lock_token: int | None = None,
    ) -> Document:
        """`changes`: a merge patch. `version`: refuse if the record has another (a Problem with status 412).

        `lock_token`: that of your lock, which ends with it. While a lock lives, who has no token is refused: a Problem
        with status 423, whose `extra` has `holder` and `until`. So it is for all that changes a record.
        """
        return await self._call("PATCH", _one(path, id_), headers=_known(version, lock_token), body=changes)

    async def delete(self, path: str, id_: str, *, version: int | None = None, lock_token: int | None = None) -> None:
        await self._call("DELETE", _one(path, id_), headers=_known(version, lock_token))

    async def archive(self, path: str, id_: str, *, lock_token: int | None = None) -> Document:
        return await self._call("POST", f"{_one(path, id_)}/archive", headers=_known(None, lock_token))

    async def restore(self, path: str, id_: str, *, lock_token: int | None = None) -> Document:
        return await self._call("POST", f"{_one(path, id_)}/restore", headers=_known(None, lock_token))

    async def convert(
        self, path: str, id_: str, fields: Mapping[str, Any] | None = None, *, lock_token: int | None = None
    ) -> Document:
        """Both records, by their nouns. `fields`: of the new one, over those that it takes from the old one."""
        headers = _known(None, lock_token)
        return await self._call("POST", f"{_one(path, id_)}/convert", headers=headers, body=fields or {})

    async def lock(
        self,
        path: str,
        id_: str,
        *,
        token: int | None = None,
        take_over: bool = False,
        idempotency_key: str | None = None,
    ) -> Document:
        """Locks a record for 5 minutes: `{holder, token, since, until, ...}`. `token`: prolongs your lock.

        `take_over`: also if somebody holds it. With an `idempotency_key` a lost answer can be asked for again. Over a
        session, `session.request("lock", noun=..., recordId=...)`, a lock ends soon after its socket.
        """
        body = {**({"token": token} if token else {}), **({"takeOver": True} if take_over else {})}
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return await self._call("POST", f"{_one(path, id_)}/lock", headers=headers, body=body)

    async def unlock(self, path: str, id_: str, token: int) -> None:
        """Releases your lock, if it is still yours."""
        await self._call("DELETE", f"{_one(path, id_)}/lock", headers=_known(None, token))

    async def locks(self) -> list[Document]:
        """Those of your rooms."""
        content = await self._call("GET", "/locks")
        with reading("a list"):
            return list(content["items"])

    async def stats(self, path: str) -> Document:
        return await self._call("GET", f"/{path}/stats")

    async def bulk(
        self, path: str, entries: Sequence[Mapping[str, Any]], *, idempotency_key: str | None = None
    ) -> list[Document]:
        """Of each entry, `{record}` or `{id, changes, version, lockToken}`, what became of it, in their order."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        content = await self._call("POST", f"/{path}/bulk", headers=headers, body={"entries": list(entries)})
        with reading("the results of a bulk request"):
            return list(content["results"])

    async def ticket(self, *, fresh: bool = False) -> Ticket:
        """`fresh`: of a token that was not used yet."""
        if fresh:
            await self._tokens(fresh=True)
        content = await self._call("POST", "/realtime/tickets")
        with reading("a ticket"):
            ends = read_time(content["sessionExpiresAt"])
            silence = float(content.get("pingSeconds", Ticket.ping_seconds))
            beats = content.get("presenceSeconds")
            return Ticket(content["url"], content["ticket"], ends, silence, None if beats is None else float(beats))

    async def views(self, noun: str, id_: str) -> Document:
        """Who looks at a record now."""
        return await self._call("GET", "/views", query={"noun": noun, "id": id_})

    async def me(self) -> Document:
        return await self._call("GET", "/me")

    async def directory(self) -> Document:
        return await self._call("GET", "/directory")

    async def notifications(self, *, limit: int = 30, cursor: str | None = None) -> Document:
        """`{items, unread, positions, cursor}`, newest first; each item says whether it is `read`."""
        query = {"limit": str(limit), **({"cursor": cursor} if cursor else {})}
        return await self._call("GET", "/notifications", query=query)

    async def send_notification(
        self, to: Mapping[str, Any], notification: Mapping[str, Any], *, idempotency_key: str | None = None
    ) -> Document:
        """`to`: `{userId}`, `{teamId}` or `{brokerage: True}`; `notification`: `{level, title, text, about}`."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return await self._call("POST", "/notifications", headers=headers, body={"to": to, **notification})

    async def mark_read(self, notification_id: str) -> None:
        await self._call("POST", f"{_one('notifications', notification_id)}/read")

    async def mark_all_read(self, *, until: str | None = None) -> None:
        """`until`: the id of the newest that was seen."""
        await self._call("POST", "/notifications/read", body={"until": until} if until else {})

    async def tasks(self) -> Document:
        """`{items, positions}`: what the server works on for this person, what waits for them, what has ended."""
        return await self._call("GET", "/tasks")

    async def task(self, task_id: str) -> Document:
        return await self._call("GET", _one("tasks", task_id))

    async def begin_task(
        self, kind: str, input_: Mapping[str, Any] | None = None, *, idempotency_key: str | None = None
    ) -> Document:
        """Returns the new task, which goes on by itself. `input_` is of the kind."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return await self._call("POST", "/tasks", headers=headers, body={"kind": kind, "input": input_ or {}})

    async def confirm_task(
        self, task_id: str, answer: Mapping[str, Any] | None = None, *, idempotency_key: str | None = None
    ) -> Document:
        """Lets it do what it proposes. `answer` is of the kind; without it, all as it is proposed."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        body = {} if answer is None else {"answer": answer}
        return await self._call("POST", f"{_one('tasks', task_id)}/confirm", headers=headers, body=body)

    async def cancel_task(self, task_id: str) -> Document:
        return await self._call("POST", f"{_one('tasks', task_id)}/cancel")

    async def undo_task(self, task_id: str) -> Document:
        """Returns the task that takes back what this one has done."""
        return await self._call("POST", f"{_one('tasks', task_id)}/undo")

    async def create_file(self, name: str, type_: str, size: int, to: Mapping[str, Any]) -> Document:
        """Where to send a file as a form: `{id, url, fields, expiresAt}`. `size` in bytes.

        `to`: `{noun, id, field}` of a record, or `{noun: "import"}`.
        """
        return await self._call("POST", "/files", body={"name": name, "type": type_, "size": size, "for": to})

    async def finish_file(self, file_id: str) -> Document:
        """Says that it was sent."""
        return await self._call("POST", f"{_one('files', file_id)}/done")

    async def preferences(self) -> Document:
        """Of each kind of notification, `{inApp, browser}`, under `kinds`."""
        return await self._call("GET", "/preferences")

    async def patch_preferences(self, kinds: Mapping[str, Mapping[str, bool]]) -> Document:
        return await self._call("PATCH", "/preferences", body={"kinds": kinds})

    async def system(self) -> Document:
        """`{items, positions}`: what the operators of the installation have to say now."""
        return await self._call("GET", "/system")

    async def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Document:
        request = self._http.build_request(method, self._base_url + path, params=query, headers=headers, json=body)
        response = await self._send(request, fresh=False)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            response = await self._send(request, fresh=True)
        if response.is_error:
            raise problem_in(response)
        try:
            content = response.json() if response.content else {}
        except ValueError as error:
            raise ProtocolError(f"the answer to {method} {path} is not JSON") from error
        if not isinstance(content, dict):
            raise ProtocolError(f"the answer to {method} {path} is not a JSON object")
        return content

    async def _send(self, request: httpx.Request, *, fresh: bool) -> httpx.Response:
        token = await self._tokens(fresh=fresh)
        request.headers["Authorization"] = f"Bearer {token.text}"
        try:
            return await self._http.send(request)
        except httpx.TransportError as error:
            where = f"{request.url.host}:{request.url.port or request.url.scheme}"
            raise Unreachable(f"no answer from {where} ({str(error) or type(error).__name__})") from error


_GATEWAY_REFUSES = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)  # in API Gateway's own words


def problem_in(response: httpx.Response) -> Problem:
    """What an answer of 400 and above says; also of those that are not ours but a gateway's."""
    try:
        content = response.json()
    except ValueError:
        content = {}
    if not isinstance(content, dict):
        content = {}
    status = response.status_code
    if content.keys() == {"message"} and status in _GATEWAY_REFUSES:
        content = {"code": "unauthenticated", "detail": "the server does not take this token", "retryable": False}
    message = content.pop("detail", None) or content.pop("message", None) or response.reason_phrase
    retryable = content.pop("retryable", status == httpx.codes.TOO_MANY_REQUESTS or status >= 500)
    return Problem(
        status,
        str(content.pop("code", f"http_{status}")),
        str(message),
        retryable=bool(retryable),
        retry_after=_seconds(response.headers.get("Retry-After")),
        extra=content,
    )


def _one(path: str, id_: str) -> str:
    return f"/{path}/{quote(id_, safe='')}"


def _known(version: int | None, lock_token: int | None) -> dict[str, str]:
    """What a change relies on, as headers."""
    match = {} if version is None else {"If-Match": f'"{version}"'}
    return match if lock_token is None else {**match, "Lock-Token": str(lock_token)}


def _seconds(header: str | None) -> float | None:
    """Retry-After in seconds. Its other form, a date, is not worth trusting our clock for."""
    return float(header) if header and header.isdigit() else None
