"""What a call of AWS needs, as its documentation has it, and whether botocore's model of the service allows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from tests.permissions.granted import PASSING_THE_ROLE, Permission, permission_to

# A transaction has no action of its own.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
_IN_TRANSACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}


# Of which there is one: what the grants call it, by the parameter that names it.
_THE_ONLY = {"stateMachineArn": "tasks", "UserPoolId": "logins", "SecretId": "token_secret"}


def needed(operation: OperationModel, params: Mapping[str, Any], names: Mapping[str, str]) -> set[Permission]:
    """`names`: what the grants call a table or a queue, by its name on AWS. Others keep theirs."""
    service = operation.service_model.signing_name
    if operation.name == "Converse":
        return {permission_to("bedrock", "InvokeModel", "model")}
    if service == "s3":
        return {permission_to("s3", action, place) for action, place in _done_to_objects(operation.name, params)}
    passed = {PASSING_THE_ROLE} if operation.name == "CreateSchedule" else set()
    return passed | {
        permission_to(service, action, names.get(name, name) + index)
        for action, name, index in _done(operation.name, params)
    }


def _done(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Pairs of an action and what it is done to, and for an index what follows its table's name."""
    match params:
        case {"TransactItems": items}:
            for kind, write in (pair for item in items for pair in item.items()):
                yield _IN_TRANSACTIONS[kind], write["TableName"], ""
        case {"RequestItems": by_table}:
            yield from ((operation, name, "") for name in by_table)
        case {"TableName": name, "IndexName": index}:
            yield operation, name, f"/index/{index}"
        case {"TableName": name}:
            yield operation, name, ""
        case {"QueueUrl": url}:  # of a batch, too: it has the action of what it is a batch of
            yield operation.removesuffix("Batch"), url.rsplit("/", 1)[-1], ""
        case {"GroupName": _, "Name": _}:
            yield operation, "schedules", ""  # there is one group
        case _:
            yield operation, next((what for name, what in _THE_ONLY.items() if name in params), "unknown"), ""


def _done_to_objects(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of an action and where in the bucket the key begins. There is one bucket.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
    """
    match operation, params:
        case "CreateBucket", _:  # as which botocore signs a form; it names no key, and forms are for uploads
            yield "PutObject", "objects/uploads"
        case "ListObjectVersions", _:
            yield "ListBucketVersions", "objects"
        case "CopyObject", {"Key": key, "CopySource": str(origin)}:  # <bucket>/<key>?versionId=<version>
            yield "GetObjectVersion", _place(origin.partition("/")[2])
            yield "PutObject", _place(key)
        case "DeleteObjects", {"Delete": {"Objects": objects}}:
            yield from (("DeleteObjectVersion", _place(each["Key"])) for each in objects)
        case (("HeadObject" | "GetObject"), {"Key": key}):
            yield "GetObjectVersion" if "VersionId" in params else "GetObject", _place(key)
        case _:
            yield operation, _place(params.get("Key", ""))


def _place(key: str) -> str:
    return f"objects/{key.partition('/')[0]}"


def faults(operation: OperationModel, params: Any) -> Iterator[str]:
    """What AWS would refuse, and botocore's own check of names and types does not look at."""
    if operation.input_shape is not None:
        yield from _faults(operation.input_shape, params, operation.name)


def _faults(shape: Shape, value: Any, where: str) -> Iterator[str]:
    if not _is_bound(shape):
        return
    yield from (f"{where} {fault}" for fault in _own_faults(shape, value))
    match shape:
        case StructureShape():
            for name, member in shape.members.items():
                if name in value:
                    yield from _faults(member, value[name], f"{where}.{name}")
        case ListShape():
            for part in value:
                yield from _faults(shape.member, part, f"{where}[]")
        case MapShape():
            for name, part in value.items():
                yield from _faults(shape.key, name, f"{where} key")
                yield from _faults(shape.value, part, f"{where}.{name}")


def _own_faults(shape: Shape, value: Any) -> Iterator[str]:
    bounds = shape.metadata
    size = value if isinstance(value, int | float) else len(value)
    if size > bounds.get("max", size):
        yield f"is {size}: {bounds['max']} at most"
    if size < bounds.get("min", size):
        yield f"is {size}: {bounds['min']} at least"
    if value not in (bounds.get("enum") or [value]):
        yield f"is {value!r}: none of {bounds['enum']}"
    # Python knows no classes of characters by their Unicode category: of those that are named, all but spaces.
    pattern = re.sub(r"\\p{\w+}", r"\\S", bounds.get("pattern", ".*"))
    if not re.fullmatch(pattern, str(value), re.DOTALL):
        yield f"is {value!r}: not like {bounds['pattern']}"


_OF_ITEMS = {"AttributeName", "AttributeValue"}  # as ours as what they hold, and many


@cache
def _is_bound(shape: Shape, within: frozenset[str] = frozenset()) -> bool:
    """Whether there is anything to look at, in it or below it."""
    if shape.name in within | _OF_ITEMS:
        return False
    if {"min", "max", "enum", "pattern"} & shape.metadata.keys():
        return True
    match shape:
        case StructureShape():
            parts = [*shape.members.values()]
        case ListShape():
            parts = [shape.member]
        case MapShape():
            parts = [shape.key, shape.value]
        case _:
            parts = []
    return any(_is_bound(part, within | {shape.name}) for part in parts)
