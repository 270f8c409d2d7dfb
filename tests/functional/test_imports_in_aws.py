"""An import from its upload to its undoing over DynamoDB and S3 themselves, each function with its own grants."""

from __future__ import annotations

from dataclasses import replace

from tests.fakes import AVA, BEN
from tests.functional.conftest import World
from tests.functional.importing import answer, imported, numbers, planned, records, report, undone
from tests.functional.sockets import found, put
from tests.functional.test_http import call
from tests.permissions import uses


def test_a_file_is_imported_for_a_colleague_updated_and_taken_back(world: World) -> None:
    found(world)
    lead = replace(AVA, role="lead")
    put(world, lead)
    text = f"First Name,Email,Phone,Owner\nAna,ana@example.com,12,{BEN.name}\nCleo,cleo@example.com,,{BEN.name}\n"
    text += "".join(f"N{number},n{number}@example.com,415-555-01{number},\n" for number in range(10, 20))
    task = planned(world, text, who=lead)
    assert task["proposal"]["counts"]["create"] == 12, task
    done = answer(world, task["id"], lead)
    assert numbers(done) == (12, 0, 0, 0)
    assert [record["ownerId"] for record in records(world, who=lead)[:2]] == [BEN.user_id] * 2
    assert [row[0] for row in report(world, done, lead)[1:]] == ["2"]

    again = imported(world, text.replace(",12,", ",415-555-0110,"), who=lead, duplicates="update", update="empty")
    assert numbers(again) == (0, 1, 11, 0)
    assert undone(world, again["id"], lead)["result"]["restored"] == 1
    (ana,) = (record for record in records(world, who=lead) if record["firstName"] == "Ana")
    call(world, "PATCH", f"/clients/{ana['id']}", {"notes": "Called."}, who=lead)
    assert undone(world, done["id"], lead)["result"]["left"] == 1

    used = {(action, what) for function, action, what in uses.USED if function == "task_step"}
    assert used >= {
        ("dynamodb:ConditionCheckItem", "table"),
        ("s3:PutObject", "objects/imports"),
        ("s3:GetObject", "objects/imports"),
    }
