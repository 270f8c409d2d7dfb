"""The stories at the terminal: a heading, what is known line by line, and at the end what is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from textwrap import wrap

from rich.text import Text

from cli.explain.commit import Client, CommitStory
from cli.explain.deliveries import OUTCOMES, Commit, Posting
from cli.explain.person import Login, PersonStory
from cli.explain.record import RecordStory, Told
from cli.explain.seen import Seen
from cli.operating.look import count, lasting, local_time
from cli.operating.people_names import author
from cli.watch import Names, duration, events_text
from openhouse.crm.modules import MODULES
from openhouse_client.protocol import Event

MOST_SOCKETS = 10  # openings and closings, the last
MOST_SHOWN = 12  # clients, and whatever else there may be a thousand of
_LABEL, _WIDTH = 12, 80
_LOGINS = {  # Cognito's words for them
    "CONFIRMED": "has a password of their own",
    "FORCE_CHANGE_PASSWORD": "invited, and has not chosen a password yet",
    "RESET_REQUIRED": "has to choose a new password before signing in",
    "UNCONFIRMED": "has never confirmed the address",
}
_FATES = {"delivered": "green", "joined later": "dim", "unknown": "dim"}

Lines = list[str | Text]


def commit_lines(story: CommitStory, names: Names, now: datetime) -> Lines:
    commit, told = story.commit, story.delivery
    at = datetime.fromisoformat(commit["at"])
    head = Text.assemble((f"{names.room(commit['room'])} ", "cyan"), (f"#{commit['seq']}", "bold"))
    lines: Lines = [head, _told("id", Text(f"{commit['id']}, epoch {commit['epoch']}", "dim"))]
    who = Text.assemble((author(commit["by"], names), "magenta"), f", {_moment(at, now)}")
    lines += [_told("written by", who), _told("kept until", Text(local_time(story.expires_at, now), "dim"))]
    lines += [
        _told("" if number else "what", _fitting(events_text([Event(event["type"], event["data"])], names)))
        for number, event in enumerate(commit["events"])
    ]
    lines += [*_about(commit), *_route(story, names)]
    if told.stream_delay is not None:
        found = ", and found it posted" if told.posted_before else ""
        lines.append(_told("stream", f"had it {_span(told.stream_delay)} after it was written{found}"))
    if story.marked is not None:
        lines.append(_told("fast lane", "posted it to everyone" if story.marked else "did not post it to everyone"))
    lines += [_told("" if number else "posts", _posting(each)) for number, each in enumerate(told.postings)]
    for number, trouble in enumerate(told.trouble):
        said = f"{local_time(trouble.at, now)} {trouble.function}: {trouble.message}"
        lines.append(_told("" if number else "trouble", Text(said, "yellow")))
    lines += _clients(story, names, now)
    return [*lines, *_not_known(story.unknown)]


def _about(commit: Commit) -> Lines:
    """The records that it is about, as other commands take them."""
    nouns = [module.noun for module in MODULES]
    ids = (
        f"{noun}:{event['data'][f'{noun}Id']}"
        for event in commit["events"]
        for noun in nouns
        if f"{noun}Id" in event["data"]
    )
    return _first("about", [*dict.fromkeys(ids)], "record")


def _clients(story: CommitStory, names: Names, now: datetime) -> Lines:
    """Whoever missed it first."""
    troubled_first = sorted(story.clients, key=lambda each: each.fate in _FATES and not each.lagging)
    absent = sorted(map(names.person, story.absent))
    return [
        *_first("clients", [_client(each, names, now) for each in troubled_first], "client"),
        *_wrapped("not there", _listed(absent) if absent else ""),
    ]


def _first(label: str, lines: Sequence[str | Text], what: str) -> Lines:
    shown: Lines = [_told("" if number else label, line) for number, line in enumerate(lines[:MOST_SHOWN])]
    more = len(lines) - MOST_SHOWN
    return [*shown, _told("", f"and {count(more, 'other ' + what)}: --json has all")] if more > 0 else shown


def _listed(people: Sequence[str]) -> str:
    more = len(people) - MOST_SHOWN
    return ", ".join([*people[:MOST_SHOWN], *([f"and {count(more, 'other')}"] if more > 0 else [])])


def record_lines(story: RecordStory, names: Names, now: datetime) -> Lines:
    found = story.found
    head = Text.assemble((f"{found.noun} ", "cyan"), (found.id, "bold"))
    if story.version is not None:
        head.append(f"  version {story.version}", "dim")
    where = f"{names.room(found.room)}{', deleted' if found.deleted else ''}"
    lines: Lines = [head, _told("is in", where)]
    if story.owner_id:
        lines.append(_told("is of", Text(names.person(story.owner_id), "magenta")))
    lines += [_told("" if number else "steps", _step(each, names, now)) for number, each in enumerate(story.steps)]
    lines += _not_known(story.unknown)
    if story.latest:
        lines += ["", Text("The last commit about it:"), *commit_lines(story.latest, names, now)]
    return lines


def _login(login: Login) -> str:
    if login.enabled is False:
        return f"{login.status}: disabled, nobody can sign in with it"
    meaning = _LOGINS.get(login.status)
    return f"{login.status}: {meaning}" if meaning else login.status


def seen_lines(seen: Seen, names: Names) -> Lines:
    head = Text.assemble("For ", (names.person(seen.person.user_id), "magenta"), ": ", (seen.outcome, "bold"))
    return [head, *_wrapped("why", seen.why), *_wrapped("then", seen.then)]


def person_lines(story: PersonStory, names: Names, now: datetime) -> Lines:
    user, found = story.found.user, story.found
    head = Text.assemble((user.name if user else "Somebody who was removed", "magenta"), (f"  {found.user_id}", "dim"))
    lines: Lines = [head]
    if user:
        lines.append(_told("is", f"{user.role} of {found.brokerage_id}, {user.email}"))
    lines.append(_told("login", _login(story.login)))
    lines += [_told("" if number else "is in", names.room(room)) for number, room in enumerate(story.rooms)]
    if story.standing:
        since = lasting(now.timestamp() - story.standing.since / 1000)
        lines.append(_told("presence", f"{story.standing.status} for {since}"))
    for number, each in enumerate(story.connections):
        stands = f"lags in {', '.join(map(names.room, each.lagging))}" if each.lagging else "has all"
        said = f"{each.connection_id} for {lasting(now.timestamp() - each.since / 1000)}, {stands}"
        lines.append(_told("" if number else "connected", said))
    if not story.connections:
        lines.append(_told("connected", "nowhere"))
    for number, line in enumerate(story.sessions[-MOST_SOCKETS:]):
        said = f"{local_time(line.at, now)} {line.message} {line.fields.get('connection_id')}"
        lines.append(_told("" if number else "sockets", said))
    for number, commit in enumerate(story.commits):
        said = (
            f"{local_time(datetime.fromisoformat(commit['at']), now)} {names.room(commit['room'])} #{commit['seq']}  "
        )
        text = events_text([Event(each["type"], each["data"]) for each in commit["events"]], names)
        lines.append(_told("" if number else "wrote", _fitting(Text(said).append_text(text))))
    return [*lines, *_not_known(story.unknown)]


def _route(story: CommitStory, names: Names) -> Lines:
    written, commit = story.delivery.written, story.commit
    if written is None:
        return []
    asked = f" in request {written.request}" if written.request else ""
    lines: Lines = [_told("through", f"{written.operation or 'its own work'} of {written.function}{asked}")]
    others = [f"{names.room(room)} #{seq}" for room, seq in written.commits.items() if room != commit["room"]]
    lost = f" after losing {count(written.conflicts, 'race')}" if written.conflicts else " at the first attempt"
    lines.append(_told("transaction", f"{'with ' + ', '.join(others) if others else 'this commit alone'},{lost}"))
    return lines


def _posting(each: Posting) -> Text:
    counts = ", ".join(f"{each.counts[name]:,} {name}" for name in OUTCOMES if each.counts[name])
    with_others = f", with {count(each.commits - 1, 'other commit')}" if each.commits > 1 else ""
    text = Text(f"{_span(each.after):>7} after, by {each.function}{with_others}: ")
    return text.append(counts or "nobody was there", "" if set(_failures(each)) else "green")


def _failures(each: Posting) -> Iterable[str]:
    return (name for name in ("gone", "failed", "unreachable") if each.counts[name])


def _client(each: Client, names: Names, now: datetime) -> Text:
    there = each.connection
    who = names.person(there.user_id) if there else "no longer here"
    since = f", here {lasting(now.timestamp() - there.since / 1000)}" if there else ""
    text = Text.assemble((f"{who} ", "magenta"), (each.connection_id, "dim"), ": ")
    text.append(each.fate, _FATES.get(each.fate, "yellow")).append(since)
    if each.lagging:
        return _fitting(text.append(", lags now", "yellow"))
    return _fitting(text.append(f", has all up to #{each.stands_at}" if each.stands_at is not None else ""))


def _step(each: Told, names: Names, now: datetime) -> Text:
    step = each.step
    fields = ", ".join(name for name in step["changes"] if name not in ("version", "updatedAt", "updatedBy"))
    place = f"{names.room(each.commit['room'])} #{each.commit['seq']}" if each.commit else "no commit any more"
    text = Text.assemble((f"v{step['version']} ", "bold"), f"{local_time(datetime.fromisoformat(step['at']), now)} ")
    text.append(f"{author(step['by'], names)} ", "magenta").append(f"{place} ", "cyan").append(step["action"])
    return _fitting(text.append(f" {fields}" if fields else "", "dim"))


def _fitting(text: Text) -> Text:
    """All of it is in the document."""
    text.truncate(_WIDTH - _LABEL - 2, overflow="ellipsis")
    return text


def _not_known(sentences: Sequence[str]) -> Lines:
    return _wrapped("not known", *sentences, style="dim")


def _wrapped(label: str, *sentences: str, style: str = "") -> Lines:
    """In lines that a terminal need not break, each sentence on one of its own."""
    lines: Lines = []
    for sentence in sentences:
        for part in wrap(sentence, _WIDTH - _LABEL - 2, break_on_hyphens=False):
            lines.append(_told("" if lines else label, Text(part, style)))
    return lines


def _told(label: str, text: str | Text) -> Text:
    return Text.assemble(f"  {label:<{_LABEL}}", text)


def _moment(at: datetime, now: datetime) -> str:
    return f"{local_time(at, now)}.{at.microsecond // 1000:03d}, {lasting((now - at).total_seconds())} ago"


def _span(span: timedelta) -> str:
    return duration(span.total_seconds())
