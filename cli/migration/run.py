"""`openhouse migrate FOLDER --brokerage harbor`: plans all tables, writes what is not there yet, counts anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.migration import mapping as roles
from cli.migration.dumps import TEAMS, USERS, Dump, find, in_order, read
from cli.migration.mapping import MigrationMapping, TableMapping, proposed, proposed_people
from cli.migration.people import Login, People, move_teams, move_users
from cli.migration.planning import Known, Planned, Planner
from cli.migration.tables import Moved, Remark, write_report
from cli.migration.writing import Writer, existing
from deployed.terminal import CommandFailed, Interrupted, Steps, say
from openhouse.core.errors import OpenhouseError
from openhouse.crm.modules import MODULES
from openhouse.identity.directory import User
from openhouse.services import Services
from openhouse.storage.keys import moving_key
from openhouse.storage.table import WriteConflict
from openhouse.storage.writes import Put, absent_or

AGAIN = "Run the same command again to go on: nothing is written twice."
MAPPING, REPORT = "migration.json", "migration-report.csv"
_SHOWN = 10  # remarks of a table; all are in the report


@dataclass(frozen=True)
class Asked:
    """`owner`: the address of whoever gets the records that nobody else has. `mapping`: None for the usual file."""

    folder: Path
    brokerage_id: str
    mapping: Path | None = None
    owner: str = ""
    source: str = "crm"
    time_zone: str | None = None
    dry: bool = False


def migrate(asked: Asked, services: Services, login: Login, writer: Writer, steps: Steps) -> bool:
    """Whether every row is here, or deleted there. Raises CommandFailed, Interrupted, and what boto3 raises."""
    migration = _Migration(asked, services, login, writer, steps)
    try:
        tables = migration.run()
    except KeyboardInterrupt:
        raise Interrupted(f"Stopped. {AGAIN}") from None
    except OpenhouseError as error:
        raise CommandFailed(f"Stopped: {error.message}. {AGAIN}") from error
    report = asked.folder / REPORT
    write_report(report, tables)
    _tell(tables, report, dry=asked.dry)
    return all(table.is_whole and not table.rejected for table in tables)


class _Migration:
    def __init__(self, asked: Asked, services: Services, login: Login, writer: Writer, steps: Steps) -> None:
        self._asked = asked
        self._services = services
        self._login = login
        self._writer = writer
        self._steps = steps
        self._people = People(asked.brokerage_id)
        self._known = Known()
        self._now = services.log.now()

    def run(self) -> list[Moved]:
        directory, brokerage_id = self._services.directory, self._asked.brokerage_id
        users = directory.users(brokerage_id)
        if not users:
            raise CommandFailed(f"There is no brokerage {brokerage_id}: `openhouse brokerage found` makes one.")
        for user in users:
            self._people.know(user)
        with self._steps.step("reading"):
            dumps = self._dumps()
            mapping = self._mapping(dumps)
        return [*self._move_people(dumps, mapping), *self._move_records(dumps, mapping)]

    # What there is, and what it means ---------------------------------------------------------------------------------

    def _dumps(self) -> dict[str, Dump]:
        named = _load(self._asked).tables if self._mapping_path.exists() else {}
        names = {TEAMS: "team", USERS: "user", **{module.path: module.noun for module in MODULES}}
        found: dict[str, Dump] = {}
        for name, noun in names.items():
            path = self._asked.folder / named[name].file if name in named else find(self._asked.folder, name, noun)
            if path:
                found[name] = read(name, path)
        if not found:
            raise CommandFailed(f"{self._asked.folder} has no dump: {', '.join(f'{name}.csv' for name in names)}.")
        if missing := sorted(names.keys() - found):
            say(f"Not in {self._asked.folder}: {', '.join(missing)}.")
        return found

    @property
    def _mapping_path(self) -> Path:
        return self._asked.mapping or self._asked.folder / MAPPING

    def _mapping(self, dumps: Mapping[str, Dump]) -> Mapping[str, TableMapping]:
        """That of the file, or one that is proposed and written into it."""
        if self._mapping_path.exists():
            loaded = _load(self._asked)
        else:
            tables = {name: _proposed(dump) for name, dump in dumps.items()}
            loaded = MigrationMapping(self._asked.source, tables)
            loaded.save(self._mapping_path)
            say(f"What each column becomes is in {self._mapping_path} now: correct it, and run this again.")
        self._source = loaded.source
        for name, dump in dumps.items():
            if name not in loaded.tables:
                raise CommandFailed(f"{self._mapping_path} says nothing of {name}. Delete it, or add that table.")
            _tell_mapping(dump, loaded.tables[name])
        return loaded.tables

    # Moving -----------------------------------------------------------------------------------------------------------

    def _move_people(self, dumps: Mapping[str, Dump], mapping: Mapping[str, TableMapping]) -> list[Moved]:
        directory, dry, moved = self._services.directory, self._asked.dry, []
        if TEAMS in dumps:
            with self._steps.step(TEAMS):
                moved.append(move_teams(dumps[TEAMS], mapping[TEAMS], self._source, self._people, directory, dry=dry))
        if USERS in dumps:
            with self._steps.step(USERS) as tell:
                moved.append(
                    move_users(dumps[USERS], mapping[USERS], self._people, directory, self._login, tell, dry=dry)
                )
        return moved

    def _move_records(self, dumps: Mapping[str, Dump], mapping: Mapping[str, TableMapping]) -> list[Moved]:
        fallback, tables = self._fallback(), list[Moved]()
        teams = [team.team_id for team in self._services.directory.teams(self._asked.brokerage_id)]
        every_team = [*dict.fromkeys([*teams, *self._people.teams.values()])]
        for module in in_order(MODULES):
            if not (dump := dumps.get(module.path)):
                continue
            planner = Planner(
                module, mapping[module.path], self._source, self._people, self._known, every_team, fallback,
                self._now, self._asked.time_zone,
            )  # fmt: skip
            with self._steps.step(f"planning {module.path}"):
                moved, planned = planner.plan(dump)
            if self._asked.dry:
                self._look(moved, planned)
            else:
                self._keep_the_key(module.noun, mapping[module.path])
                with self._steps.step(module.path) as tell:
                    self._writer.write(moved, planned, tell)
                moved.found = len(existing(self._services.table, self._asked.brokerage_id, planned))
            tables.append(moved)
        return tables

    def _look(self, moved: Moved, planned: list[Planned]) -> None:
        """What would be written, and what is there by an earlier run."""
        there = existing(self._services.table, self._asked.brokerage_id, planned)
        for one in planned:
            moved.accept(one.id, there=one.id in there)
        moved.found = len(planned)

    def _keep_the_key(self, noun: str, mapping: TableMapping) -> None:
        """Ids are made of two columns: with others, all would be there twice. Raises CommandFailed."""
        columns = {"key": mapping.column(roles.KEY), "created": mapping.column(roles.CREATED)}
        key = moving_key(self._asked.brokerage_id, f"{self._source}/{noun}")
        try:
            self._services.table.write(Put({**key, **columns}, absent_or(**columns)))
        except WriteConflict as conflict:
            known = self._services.table.get(key) or {}
            raise CommandFailed(
                f"{noun}: its rows were moved with {known.get('key')} as key and {known.get('created')} as created. "
                "With other columns all of them would be written a second time."
            ) from conflict

    def _fallback(self) -> User | None:
        if not self._asked.owner:
            return None
        if user := self._people.user(self._asked.owner):
            return user
        raise CommandFailed(f"--owner: nobody here has the address {self._asked.owner}.")


def _load(asked: Asked) -> MigrationMapping:
    return MigrationMapping.load(asked.mapping or asked.folder / MAPPING)


def _proposed(dump: Dump) -> TableMapping:
    module = next((one for one in MODULES if one.path == dump.name), None)
    if module is None:
        return proposed_people(dump.name, dump.path.name, dump.columns)
    return proposed(module, dump.path.name, dump.columns, [row.cells for row in dump.rows if not row.fault])


# What is said ---------------------------------------------------------------------------------------------------------


def _tell_mapping(dump: Dump, mapping: TableMapping) -> None:
    left = [name for name in dump.columns if mapping.columns.get(name) is None]
    undecided = [word for words in mapping.words.values() for word, meant in words.items() if meant == ""]
    taken = len(dump.columns) - len(left)
    say(f"{dump.name}: {len(dump.rows):,} rows, {taken} of {len(dump.columns)} columns are moved.")
    say(*([f"  not moved: {', '.join(left)}"] if left else []))
    say(*([f"  words to decide on: {', '.join(undecided)}"] if undecided else []))


def _tell(tables: list[Moved], report: Path, *, dry: bool) -> None:
    say("", f"{'table':<14}{'rows':>8}{'new':>8}{'there':>8}{'deleted':>9}{'rejected':>10}{'here':>16}")
    for table in tables:
        here = "" if dry else f"{table.found:,} of {table.wanted:,}"
        say(
            f"{table.name:<14}{table.rows:>8,}{table.new:>8,}{table.there:>8,}"
            f"{table.left_out:>9,}{table.rejected:>10,}{here:>16}"
        )
    for table in tables:
        _tell_remarks(table)
    if any(table.remarks for table in tables):
        say(f"All remarks are in {report}.")
    if dry:
        say("This was a dry run: nothing is written.")
    elif all(table.is_whole for table in tables):
        say("Counted anew: all that was to be moved is here.")
    else:
        say("Counted anew: something is missing. Run the same command again.")


def _tell_remarks(table: Moved) -> None:
    shown = sorted(table.remarks, key=lambda remark: (not remark.rejected, remark.line))[:_SHOWN]
    say(*(f"  {table.name} line {each.line} ({each.key}): {_ending(each)}" for each in shown))
    if more := len(table.remarks) - len(shown):
        say(f"  {table.name}: {more:,} remarks more")


def _ending(remark: Remark) -> str:
    return f"rejected: {remark.why}" if remark.rejected else remark.why
