"""What people do with records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from openhouse.core.errors import OpenhouseError
from openhouse.core.principal import Principal
from openhouse.crm.records import Precondition
from openhouse.storage.idempotency import KEPT_SECONDS, IdempotencyKey
from openhouse.storage.keys import Item, RecordPlace, user_key
from tests.simulator.brokerages import EVERYONE, TEAMS
from tests.simulator.choices import Choices
from tests.simulator.functions import Answer
from tests.simulator.view import all_records, records_of
from tests.simulator.wishes import Wish
from tests.simulator.world import DEAL, World

TOKEN_SECONDS = 3600
CITIES = ("Davis", "Chico", "Fresno", None)
VISIBILITIES = ("team", "broker", "private")
TOO_LARGE_FOR_AN_EVENT = "Los Angeles " * 2_600
BUSY = ("ava", "ben", "dana", "kim", "ava", "ben", "dana", "root", "zed")


class Witness(Protocol):
    """Hears of each write when it begins, whenever it is sent once more, and how it ended."""

    def began(self, call: int, wish: Wish) -> None: ...
    def repeated(self, call: int) -> None: ...
    def answered(self, call: int, answer: Answer[Any]) -> None: ...


class People:
    def __init__(self, world: World, witness: Witness) -> None:
        self._world = world
        self._choices = world.choices
        self._witness = witness
        self._calls = 0
        self._busy_with: list[str] = []  # the records of the calls that are running
        self.tokens: dict[tuple[str, str], int] = {}  # of locks, by who was given them and the record; they may be old

    # What they wish for ----------------------------------------------------------------------------------------------

    def create(self) -> None:
        user_id = self._choices.pick(BUSY)
        visibility = self._choices.pick(VISIBILITIES)
        document = {"visibility": visibility, "city": self._city()}
        teams = (self._world.table.peek(user_key(user_id)) or {}).get("team_ids")
        if teams and visibility == "team":
            document["teamId"] = self._choices.pick(teams)
        elif visibility == "team":
            document["teamId"] = TEAMS["harbor"][0]
        if self._choices.chance(5):
            document["ownerId"] = self._choices.pick(EVERYONE)
        self._write(Wish(user_id, "create", None, {name: value for name, value in document.items() if value}))

    def change(self) -> None:
        self._ask("patch", lambda _record: {"city": self._city()})

    def shut(self) -> None:
        def patch(record: Item) -> dict[str, Any]:
            if record["status"] != "open":
                return {"status": "open"}
            return {"status": "won" if self._choices.chance(50) else "shut"}

        self._ask("patch", patch)

    def move(self) -> None:
        def patch(record: Item) -> dict[str, Any]:
            if record["visibility"] == "team" and self._choices.chance(40):
                return {"teamId": self._choices.pick(TEAMS["harbor"])}
            others = [each for each in VISIBILITIES if each != record["visibility"]]
            return {"visibility": self._choices.pick(others)}

        self._ask("patch", patch)

    def give(self) -> None:
        """To another owner, perhaps of another team."""

        def patch(_record: Item) -> dict[str, Any]:
            document = {"ownerId": self._choices.pick(EVERYONE[:-1])}
            if self._choices.chance(30):
                document["teamId"] = self._choices.pick(TEAMS["harbor"])
            return document

        self._ask("patch", patch)

    def delete(self) -> None:
        self._ask("delete")

    def recover(self) -> None:
        self._ask("recover", deleted=True)

    def reopen(self) -> None:
        self._ask("reopen", lambda _record: {"status": "open"}, only=lambda record: record["status"] == "won")

    def _ask(
        self,
        kind: str,
        document_of: Callable[[Item], dict[str, Any]] = lambda _record: {},
        *,
        deleted: bool = False,
        only: Callable[[Item], bool] = lambda _record: True,
    ) -> None:
        """Mostly for a record within reach; now and then for any, or for the one that others are just at."""
        user_id = self._choices.pick(BUSY)
        if self._choices.chance(10):
            found = all_records(self._world, deleted=deleted)
        else:
            found = records_of(self._world, user_id, deleted=deleted)
        found = [record for record in found if only(record)]
        if self._busy_with and self._choices.chance(70):
            found = [record for record in found if RecordPlace.of(record).id == self._busy_with[-1]] or found
        if found:
            record = self._choices.pick(found)
            id_ = RecordPlace.of(record).id
            self._write(Wish(user_id, kind, id_, document_of(record), self._token(kind, user_id, id_)))

    def token_of(self, user_id: str, id_: str) -> int | None:
        """The last one that they know of; now and then one that somebody else has."""
        if self._choices.chance(5):
            return next((token for (_, of), token in self.tokens.items() if of == id_), None)
        return self.tokens.get((user_id, id_))

    def _token(self, kind: str, user_id: str, id_: str) -> int | None:
        if kind == "recover" or not self.tokens or self._choices.chance(15):
            return None
        return self.token_of(user_id, id_)

    def rather_busy(self, found: Sequence[Item], choices: Choices) -> Item:
        """One of them, rather one that others are just at."""
        if self._busy_with and choices.chance(70):
            found = [record for record in found if RecordPlace.of(record).id == self._busy_with[-1]] or found
        return choices.pick(found)

    def _city(self) -> str | None:
        return TOO_LARGE_FOR_AN_EVENT if self._choices.chance(2) else self._choices.pick(CITIES)

    # How they get it -------------------------------------------------------------------------------------------------

    def _write(self, wish: Wish) -> None:
        """Some ask under an Idempotency-Key, and once more if they heard of no end, or to be sure."""
        self._calls += 1
        call = self._calls
        key = None
        if self._choices.chance(25):
            key = IdempotencyKey.of(wish.user_id, f"key-{call}", str(call))
        self._world.say(f"{wish}{' (with a key)' if key else ''}")
        self._witness.began(call, wish)
        answer = self._once(call, wish, key)
        first = self._world.clock.now
        while key and self._choices.chance(60 if _is_worth_repeating(answer) else 20):
            if not self._world.functions.calm:
                self._world.functions.meanwhile()
            if (self._world.clock.now - first).total_seconds() > KEPT_SECONDS / 2:
                break  # keys are forgotten after a day
            self._world.say(f"call {call} is repeated")
            self._witness.repeated(call)
            answer = self._once(call, wish, key)
        if answer.error is not None:
            self._world.say(f"call {call} is refused: {type(answer.error).__name__}")
        self._witness.answered(call, answer)

    def _once(self, call: int, wish: Wish, key: IdempotencyKey | None) -> Answer[Any]:
        world = self._world
        outer = world.call
        world.call = call
        if wish.id is not None:
            self._busy_with.append(wish.id)
        answer = world.functions.invoke(f"call {call}", lambda: self._served(call, wish, key))
        if wish.id is not None:
            self._busy_with.pop()
        world.call = outer
        return answer

    def _served(self, call: int, wish: Wish, key: IdempotencyKey | None) -> Any:
        world = self._world
        world.call = call
        records, principal = world.records, self.principal(wish.user_id)
        lock = Precondition(lock_token=wish.token)
        match wish:
            case Wish(kind="create"):
                return records.create(DEAL, principal, wish.document, key)
            case Wish(kind="patch", id=str(id_)):
                return records.patch(DEAL, principal, id_, wish.document, precondition=lock, idempotency_key=key)
            case Wish(kind="delete", id=str(id_)):
                return records.delete(DEAL, principal, id_, precondition=lock, idempotency_key=key)
            case Wish(kind="recover", id=str(id_)):
                return records.recover(DEAL, principal, id_, key)
            case Wish(kind="reopen", id=str(id_)):
                status = wish.document["status"]
                return records.reopen(
                    DEAL, principal, id_, status, "it goes on", precondition=lock, idempotency_key=key
                )
        raise AssertionError(wish)

    def principal(self, user_id: str) -> Principal:
        """As the authorizer finds it."""
        return self._world.directory.principal(user_id, self.token_end())

    def token_end(self) -> int:
        return int(self._world.clock.now.timestamp()) + TOKEN_SECONDS


def _is_worth_repeating(answer: Answer[Any]) -> bool:
    """It died, or failed in a way that says nothing of what was asked."""
    if isinstance(answer.error, OpenhouseError):
        return answer.error.retryable
    return not answer.ok
