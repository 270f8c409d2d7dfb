"""`openhouse broadcast` and `openhouse maintenance`: what whoever runs the installation says to everybody."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from cli.operating.look import show
from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.terminal import CommandFailed, Interrupted, Steps, say
from openhouse.collaboration.system import Announced, Announcements
from openhouse.core.levels import Level
from openhouse.core.text import is_filled, lines
from openhouse.services import Services
from openhouse.storage.table import Table

LONGEST_TEXT = 2_000
AT_ONCE = 8  # brokerages

Telling = Callable[[Announcements, Callable[[Announced], None]], Announced]


def new_id() -> str:
    return uuid.uuid4().hex


def id_of(text: str) -> str:
    """One that `new_id` has made: another would be a broadcast of its own, and tell everybody again. Raises
    CommandFailed.
    """
    if not re.fullmatch("[0-9a-f]{32}", text):
        raise CommandFailed(f"{text} is no id of a broadcast: one stands where it was interrupted, and where it ended.")
    return text


def broadcast(cloud: Cloud, text: str, level: Level, id_: str, steps: Steps, *, as_json: bool = False) -> None:
    """Repeated with the same id, it tells only those who were not told yet. Raises CommandFailed."""
    check_text(text)
    again = f"Stopped. Run it again with --id {id_} to go on: whoever was told is not told again."
    done = _tell(cloud, steps, lambda to, tell: to.broadcast(id_, text, level, tell), again)
    document = {"id": id_, "brokerages": done.brokerages, "told": done.told}
    show(document, [f"{told(done)} Its id is {id_}."], as_json=as_json)


def announce_maintenance(cloud: Cloud, text: str, starts_at: datetime, ends_at: datetime, steps: Steps) -> None:
    """Instead of what was announced before. Raises CommandFailed."""
    check_text(text)
    if ends_at <= starts_at:
        raise CommandFailed("Maintenance ends after it starts.")
    say(told(_tell(cloud, steps, lambda to, tell: to.maintain(text, starts_at, ends_at, tell), _AGAIN)))


def end_maintenance(cloud: Cloud, steps: Steps) -> None:
    """Also of what was announced and does not come. Raises CommandFailed."""
    say(told(_tell(cloud, steps, lambda to, tell: to.end_maintenance(tell), _AGAIN)))


def moment(text: str) -> datetime:
    """A time with its zone. Raises CommandFailed."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise CommandFailed(f"{text} is no time with its zone, such as 2026-03-07T22:00-08:00 or 2026-03-08T06:00Z.")
    return found


def check_text(text: str) -> None:
    """Raises CommandFailed."""
    if not is_filled(text) or len(text) > LONGEST_TEXT:
        raise CommandFailed(f"Say something, in {LONGEST_TEXT:,} characters at most.")
    try:
        lines(text)
    except ValueError as error:
        raise CommandFailed(f"The text {error}.") from error


def told(done: Announced) -> str:
    known = done.brokerages - done.told
    return f"Told {done.told:,} of {done.brokerages:,} brokerages{f'; {known:,} knew it already' if known else ''}."


_AGAIN = "Stopped. Run the same again to go on: whoever was told is not told again."


def announcements_of(services: Services, parallel_map: Callable[..., Iterable[Any]] = map) -> Announcements:
    """Many brokerages at once, one step after another in each: threads that wait for their own pool do so for ever."""
    return Announcements(services.log, services.live_states, services.audit, parallel_map=parallel_map)


def _tell(cloud: Cloud, steps: Steps, telling: Telling, again: str) -> Announced:
    with steps.step("addresses"):
        deployment = Deployment.read(cloud.cloudformation(), cloud.emulator_url)
    client = cloud.session.client("dynamodb", endpoint_url=cloud.endpoint)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        to = announcements_of(Services(Table(client, deployment.table_name)), threads.map)
        try:
            with steps.step("brokerages") as tell:
                return telling(to, lambda done: tell(f"{done.told:,} of {done.brokerages:,} told"))
        except KeyboardInterrupt:
            threads.shutdown(cancel_futures=True)
            raise Interrupted(again) from None
