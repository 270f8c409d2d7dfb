"""What the functions of a deployed stack did, as the emulator's IAM saw it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from local.emulator import Decision
from openhouse.functions import FUNCTIONS
from tests.permissions.granted import Permission
from tests.permissions.recorder import note

RESTORED = {"restored-table": "table", "restored-records": "records"}  # by a test, in the place of those
_BY_ROLE = {"".join(word.capitalize() for word in spec.name.split("_")): spec.name for spec in FUNCTIONS}


def note_decisions(decisions: Iterable[Decision], outputs: Mapping[str, str]) -> None:
    """`outputs`: of the stacks."""
    names = {
        **RESTORED,
        outputs["TableName"]: "table",
        outputs["RecordsTableName"]: "records",
        outputs["FilesBucket"]: "objects",
        outputs["ShardsUrl"].rsplit("/", 1)[-1]: "shards",
        f"userpool/{outputs['UserPoolId']}": "logins",
        outputs["TasksMachineArn"].split(":", 5)[-1]: "tasks",
        outputs["FailedBatchesUrl"].rsplit("/", 1)[-1]: "failures",
        outputs["TimersUrl"].rsplit("/", 1)[-1]: "timers",
    }
    for function, decision in _of_functions(decisions):
        if decision.effect == "Allow":
            note(function, [Permission(decision.action, _resource(decision.resource, names))])


def refused(decisions: Iterable[Decision]) -> list[str]:
    """What was never allowed. (A queue's own policy has an answer of its own, and nothing to say of functions.)"""
    every = set(decisions)
    found = [each for _, each in _of_functions(every) if each._replace(effect="Allow") not in every]
    return sorted({f"{each.principal} does {each.action} on {each.resource}" for each in found})


def _of_functions(decisions: Iterable[Decision]) -> Iterator[tuple[str, Decision]]:
    for decision in decisions:
        if found := re.search(r"assumed-role/Openhouse-App-(\w+?)Role", decision.principal):
            yield _BY_ROLE[found[1]], decision


def _resource(arn: str, names: Mapping[str, str]) -> str:
    what = arn.split(":", 5)[-1]
    if what in names:
        return names[what]
    if socket := re.fullmatch(r"\w+/\w+/(POST|DELETE)/@connections/\*", what):
        return socket[1]
    if (arn.split(":")[2], names.get(what.partition("/")[0])) == ("s3", "objects"):
        key = what.partition("/")[2]
        return f"objects/{key.partition('/')[0]}" if key else "objects"
    if what.startswith("schedule/"):
        return "schedules"
    if function := re.fullmatch(r"function:Openhouse-App-([A-Za-z]+).*", what):
        return next((name for role, name in _BY_ROLE.items() if function[1].startswith(role)), what)
    table, slash, index = what.removeprefix("table/").partition("/")
    return names.get(table, table) + slash + index
