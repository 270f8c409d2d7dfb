"""A deployment of which one asks: a world in memory, the lines that it logs itself, and what is told of both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from cli.explain.commit import explain_commit
from cli.explain.finding import CommitFound, RecordFound, find
from cli.explain.logs import Found, Line, Logs
from cli.explain.person import explain_person
from cli.explain.record import explain_record
from cli.explain.report import commit_lines, person_lines, record_lines
from cli.operating.people_names import names_of
from deployed.cloud import Cloud
from tests.fakes import AVA
from tests.functional.conftest import World
from tests.functional.sockets import stream
from tests.functional.test_http import call


class Heard(Logs):
    """The log groups of a deployment. `hear(function)`: what was said since the last time, by it and now."""

    def __init__(self, world: World, said: StringIO, unknown: Sequence[str] = ()) -> None:
        self.world, self._said, self._unknown = world, said, unknown
        self.lines: list[Line] = []

    def hear(self, function: str) -> None:
        texts = self._said.getvalue().splitlines()
        self.lines += [Line(self.world.clock(), function, json.loads(text)) for text in texts]
        self._said.seek(0)
        self._said.truncate()

    def saying(
        self, messages: Sequence[str], functions: Sequence[str], begin: datetime, end: datetime, **naming: str
    ) -> Found:
        found = [
            line
            for line in self.lines
            if line.message in messages and line.function in functions and begin <= line.at <= end
            if all(line.fields.get(name) == value for name, value in naming.items())
        ]
        return Found(found, self._unknown)


class Cognito:
    class exceptions:  # noqa: N801 - boto3's
        UserNotFoundException = KeyError

    def admin_get_user(self, **_whose: str) -> dict[str, Any]:
        return {"UserStatus": "CONFIRMED", "Enabled": False}


class Session:
    def client(self, *_name: str, **_options: Any) -> Cognito:
        return Cognito()


CLOUD = Cloud(Session())  # type: ignore[arg-type]


def written(heard: Heard) -> None:
    """An escrow of Ava's, over REST."""
    heard.hear("socket")
    assert call(heard.world, "POST", "/escrows", {"propertyAddress": "1 Main St"}, who=AVA)[0] == 201
    heard.hear("crm")


def delivered(heard: Heard, after: float = 0.2) -> None:
    heard.world.clock.advance(after)
    heard.world.deliver(stream(heard.world))
    heard.hear("fanout")


def told(heard: Heard, what: str) -> tuple[dict[str, Any], str]:
    """The document, and the lines, which fit into a terminal of the usual width."""
    world, now = heard.world, heard.world.clock()
    thing = find(world, what)
    names = names_of(world, ["harbor"])
    story: Any
    if isinstance(thing, CommitFound):
        story = explain_commit(world, heard, thing, now)
        lines = commit_lines(story, names, now)
    elif isinstance(thing, RecordFound):
        story = explain_record(world, heard, thing, now)
        lines = record_lines(story, names, now)
    else:
        story = explain_person(world, heard, CLOUD, "pool", thing, now)
        lines = person_lines(story, names, now)
    texts = [*map(str, lines)]
    assert max(map(len, texts)) <= 80
    return story.wire(), "\n".join(texts)
