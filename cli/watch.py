"""`openhouse watch`: every commit a person can see, live in the terminal."""

from __future__ import annotations

import asyncio
import json
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from rich.text import Text

from cli.passwords import code_of
from deployed.endpoints import Endpoints
from deployed.signed_in import signed_in
from deployed.terminal import CommandFailed, say, say_stopped
from openhouse_client.clock import SystemClock
from openhouse_client.errors import ClientError
from openhouse_client.listener import Listener, Recovered, State, Status
from openhouse_client.protocol import Commit, Event
from openhouse_client.rest import Document, Rest
from openhouse_client.session import Session
from openhouse_client.views import Look

# Told elsewhere on the line, or of no interest to someone who watches.
_BOOKKEEPING = frozenset(
    {"id", "version", "room", "teamId", "ownerId", "createdAt", "createdBy", "updatedAt", "updatedBy"}
)
_LONGEST_VALUE = 60
_SHOWN_OF_AN_ID = 8  # it begins with the time, so it is its end that differs
_LONGEST_CHOSEN_ID = 12  # which says something itself


class Names:
    """What the brokerage's people are called, and its teams."""

    def __init__(self, roster: Document) -> None:
        self._people: dict[str, str] = {}
        self._teams: dict[str, str] = {}
        self.learn(roster)

    def learn(self, roster: Document) -> None:
        self._people = {user["userId"]: user["name"] for user in roster["users"]}
        times = Counter(team["name"].casefold() for team in roster["teams"])
        self._teams = {team["teamId"]: team["name"] for team in roster["teams"] if times[team["name"].casefold()] == 1}

    def knows(self, user_id: str) -> bool:
        return user_id in self._people

    def person(self, user_id: str) -> str:
        return self._people.get(user_id) or short(user_id)

    def room(self, room: str) -> str:
        """Of a team, by its name if no other has that, and its id says nothing."""
        kind, _, id_ = room.partition(":")
        if kind == "user":
            return f"user:{self.person(id_)}"
        return f"team:{self._teams.get(id_, id_)}" if kind == "team" and _is_generated(id_) else room


class Watcher(Listener):
    """Says on one line each what happens. `now` is the time of arrival."""

    def __init__(self, say: Callable[[Text], None], names: Names, now: Callable[[], datetime]) -> None:
        self._say = say
        self._names = names
        self._now = now
        self.strangers = asyncio.Event()  # someone committed whose name is not known yet

    def commit(self, commit: Commit) -> None:
        if not self._names.knows(commit.by) and not _is_ours(commit.by):
            self.strangers.set()
        self._say(commit_line(commit, self._names, self._now()))

    def ephemeral(self, event: Event) -> None:
        if line := hint_line(event, self._names):
            self._say(line)

    def state(self, state: State) -> None:
        match state.status:
            case Status.CONNECTED:
                self._say(Text("-- connected", "green"))
            case Status.OFFLINE:
                self._say(Text(f"-- offline: {state.reason}; trying again in {state.retry_in or 0:.1f} s", "yellow"))
            case _:
                return  # connecting takes no time worth a line, and the end is told by whoever ends

    def recovered(self, recovered: Recovered) -> None:
        self._say(Text(recovered_line(recovered, self._names), "green"))

    def left(self, room: str) -> None:
        self._say(Text(f"-- no longer in {self._names.room(room)}", "yellow"))


def greeting(me: Document, roster: Document, names: Names) -> str:
    rooms = ", ".join(map(names.room, me["rooms"]))
    return f"Watching as {me['name']} ({me['role']}) of {roster['brokerage']['name']}: {rooms}. Ctrl-C ends."


def commit_line(commit: Commit, names: Names, arrived: datetime) -> Text:
    """`time delay room #seq who what`; a commit of several events tells them one after another."""
    delay = (arrived - commit.at).total_seconds()
    line = Text(no_wrap=True)
    line.append(f"{commit.at.astimezone():%H:%M:%S}.{commit.at.microsecond // 1000:03d} ", "dim")
    line.append(f"{duration(delay):>7}  ", "green" if delay < 0.1 else "dim")  # what was promised
    line.append(f"{names.room(commit.room)} ", "cyan")
    line.append(f"#{commit.position.seq}  ", "bold")
    if not _is_ours(commit.by):
        line.append(f"{names.person(commit.by)}  ", "magenta")
    return line.append_text(events_text(commit.events, names))


def events_text(events: Iterable[Event], names: Names) -> Text:
    """Of one commit, one after another."""
    return Text("  ").join(Text.assemble((f"{event.type} ", "bold yellow"), _what(event, names)) for event in events)


def hint_line(event: Event, names: Names) -> Text | None:
    """Of who looks at the record that is looked at, or types there."""
    words = {
        "user:viewing": "looks at",
        "user:stopped_viewing": "looks no longer at",
        "user:typing": "types in {} of",
        "user:stopped_typing": "stopped typing in {} of",
    }.get(event.type)
    if words is None:
        return None
    data = event.data
    doing = words.format(data.get("field"))
    record = f"{data.get('noun')} {short(str(data.get('recordId')))}"
    return Text.assemble("-- ", (names.person(str(data.get("userId"))), "magenta"), f" {doing} ", (record, "dim"))


def recovered_line(recovered: Recovered, names: Names) -> str:
    news = [f"{count} commit{'s' * (count != 1)} in {names.room(room)}" for room, count in recovered.missed.items()]
    if recovered.reset:
        rooms = ", ".join(names.room(room) for room in sorted(recovered.reset))
        news.append(f"the log of {rooms} does not reach back so far; going on from its end")
    after = f" after {duration(recovered.away)}" if recovered.away else " from a gap" if recovered.away == 0 else ""
    return f"-- recovered{after}: {', '.join(news) or 'nothing was missed'}"


def duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if abs(seconds) < 1 else f"{seconds:.1f} s"


def short(id_: str) -> str:
    return id_[-_SHOWN_OF_AN_ID:] if _is_generated(id_) else id_


def _is_generated(id_: str) -> bool:
    return len(id_) > _LONGEST_CHOSEN_ID


def who_is_there(states: Iterable[Document], names: Names) -> str:
    there = [state for state in states if state["status"] != "offline"]
    told = sorted(f"{names.person(state['id'])} ({state['status']})" for state in there)
    return f"There now: {', '.join(told) or 'nobody'}."


def _is_ours(by: str) -> bool:
    """The product's own commit, not somebody's: no user id has a colon."""
    return ":" in by


def _what(event: Event, names: Names) -> Text:
    """Of a live state, whose events have names of their own: what there is of it now."""
    noun = event.type.partition(":")[0]
    if noun not in event.data and not isinstance(event.data.get(f"{noun}Id"), str):
        noun = next((name.removesuffix("Id") for name in event.data if name.endswith("Id")), noun)
    data = event.data
    told = Text()
    if isinstance(id_ := data.get("presenceId"), str):
        return told.append(names.person(id_), "magenta")
    if isinstance(task := data.get("task"), dict):
        return told.append(task_text(task))
    if isinstance(id_ := data.get(f"{noun}Id"), str):
        told.append(f"{short(id_)} v{data.get('version')} ", "dim")
    if data.get("ref"):
        told.append("(too large to be sent)", "italic")
    elif "reason" in data:
        told.append(str(data["reason"]))
    elif "room" in data and "changes" not in data:
        told.append("ended")
    else:
        told.append_text(Text(" ").join(_fields(data.get("changes") or _filled_in(data.get(noun) or {}))))
    return told


def task_text(task: Mapping[str, Any]) -> str:
    """How far a task is, waits or has ended, in a sentence."""
    what = str(task["kind"]).replace("_", " ")
    if "undoes" in task:
        what = f"undoing {what}"
    how = {
        "running": f"at work, {task['percent']} %",
        "proposed": "waits to be confirmed",
        "completed": "done",
        "failed": "failed",
        "cancelled": "cancelled",
    }.get(task["status"], task["status"])
    counts = ", ".join(f"{count} {name}" for name, count in task["counts"].items() if count)
    why = task.get("problem", {}).get("detail", "")
    said = [part for part in (task["message"], why, counts and f"({counts})") if part]
    return f"{short(task['id'])} {what}: {how}. {' '.join(said)}".rstrip()


def _filled_in(record: Mapping[str, Any]) -> dict[str, Any]:
    """A new record without the fields that say nothing yet."""
    nested = {name: _filled_in(value) if isinstance(value, dict) else value for name, value in record.items()}
    return {name: value for name, value in nested.items() if value not in ([], {}, False)}


def _fields(content: Mapping[str, Any]) -> Iterator[Text]:
    for name, value in content.items():
        if name not in _BOOKKEEPING:
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            cut = text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
            yield Text.assemble((f"{name}=", "blue"), cut)


def named_record(text: str) -> tuple[str, str]:
    """The noun and the id in `NOUN:ID`. Raises CommandFailed."""
    noun, _, record_id = text.partition(":")
    if not noun or not record_id:
        raise CommandFailed("--view takes a noun and an id, such as escrow:0198f3a2-...")
    return noun, record_id


def watch_until_stopped(endpoints: Endpoints, email: str, password: str, view: tuple[str, str] | None) -> None:
    """`view`: the noun and the id of a record to look at. Raises ClientError if there is no use in going on."""
    try:
        asyncio.run(watch(endpoints, email, password, view))
    except KeyboardInterrupt:
        say_stopped("Stopped.")


async def watch(endpoints: Endpoints, email: str, password: str, view: tuple[str, str] | None = None) -> None:
    """Until cancelled. Raises ClientError if there is no use in going on."""
    async with signed_in(endpoints, email, password, code=code_of) as rest:
        me, roster = await rest.me(), await rest.directory()
        names = Names(roster)
        say(Text(greeting(me, roster, names), "bold"))
        presence = await rest.states("presence")
        say(Text(who_is_there(presence.items, names), "dim"))
        watcher = Watcher(say, names, SystemClock().now)
        session = Session(rest.ticket, watcher)
        wake_when_continued(session)
        beside = [asyncio.create_task(_learn_names(rest, names, watcher.strangers))]
        if view:
            beside.append(asyncio.create_task(look_at(session, *view)))
        try:
            await session.run()
        finally:
            for task in beside:
                task.cancel()


async def look_at(session: Session, noun: str, record_id: str) -> None:
    """As long as that is of use."""
    try:
        await Look(session, noun, record_id, clock=SystemClock()).run()
    except ClientError as error:
        say(Text(f"-- not looking at {noun} {short(record_id)}: {error}", "yellow"))


def wake_when_continued(session: Session) -> None:
    """Whoever goes on after Ctrl-Z hears at once what they missed, not with the next ping."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGCONT, session.wake)


async def _learn_names(rest: Rest, names: Names, strangers: asyncio.Event) -> None:
    while True:
        await strangers.wait()
        strangers.clear()
        try:
            names.learn(await rest.directory())
        except ClientError:
            continue  # a name is not worth more; the session tells what is wrong with the server
        finally:
            await asyncio.sleep(5)  # some ids are nobody's
