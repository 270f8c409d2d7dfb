"""The examination of a deployment, rehearsed on the emulator: what it finds there, and that nothing is left behind."""

from __future__ import annotations

from typing import Any

from cli.doctor.examine import Finding, Verdict, examine
from local.stack import RunningStack
from openhouse.storage.keys import connection_key
from tests.e2e.conftest import until

POSTS = 50
# Of brokerages whose people come and go meanwhile: who is there, and what is told of it.
OTHERS = tuple(f"{kind}#broker:{brokerage}" for kind in "LEVQ" for brokerage in ("harbor", "rival"))


def test_a_deployment_that_works_passes_every_check_that_the_emulator_can_tell_of_and_nothing_is_left(
    stack: RunningStack,
) -> None:
    # The emulator tells a function of one closed socket after the other: of a crowd's, that takes a while.
    until(lambda: not any(pk.startswith(connection_key("")["pk"]) for pk, _ in keys(stack)))
    before = keys(stack) | logins(stack) | files(stack)
    told: list[Finding] = []
    findings = examine(stack.cloud, stack.deployment, told.append, posts=POSTS)
    assert told == findings
    verdicts = {finding.name: (finding.verdict, finding.figure) for finding in findings}
    assert {name: verdict for name, (verdict, _) in verdicts.items() if name != "quotas"} == dict.fromkeys(
        [
            *("sign-in", "socket", "frames", "resume", "lock", "import"),
            *("sizes", "reserved actions", "burst", "gone", "clean-up"),
        ],
        Verdict.PASSED,
    ), verdicts
    assert verdicts["quotas"][0] in (Verdict.PASSED, Verdict.NOT_TOLD)
    assert verdicts["burst"][1].startswith(f"{POSTS} posts")
    assert keys(stack) | logins(stack) | files(stack) <= before


def keys(stack: RunningStack) -> set[Any]:
    """Of all items of both tables, but for what all functions share, and what others do."""
    client = stack.cloud.session.client("dynamodb", endpoint_url=stack.cloud.endpoint)
    tables = [stack.deployment.table_name, stack.deployment.records_table_name]
    pages = [page for table in tables for page in client.get_paginator("scan").paginate(TableName=table)]
    found = {(item["pk"]["S"], item["sk"]["S"]) for page in pages for item in page["Items"]}
    return {(pk, sk) for pk, sk in found if not pk.startswith(("B#", *OTHERS))}


def logins(stack: RunningStack) -> set[Any]:
    pool = stack.deployment.endpoints.user_pool_id
    return {user["Username"] for user in stack.cloud.cognito().list_users(UserPoolId=pool)["Users"]}


def files(stack: RunningStack) -> set[Any]:
    """All versions in the bucket, but for those of people who come and go meanwhile."""
    client = stack.cloud.session.client("s3", endpoint_url=stack.cloud.endpoint)
    pages = client.get_paginator("list_object_versions").paginate(Bucket=stack.deployment.files_bucket)
    there = [each for page in pages for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))]
    return {(each["Key"], each["VersionId"]) for each in there if "doctor-" in each["Key"]}
