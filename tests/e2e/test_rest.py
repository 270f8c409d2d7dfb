"""REST over the deployed stack: what it does, and what it says to bad input."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from local.stack import RunningStack
from openhouse.api.http import MAX_BODY_BYTES
from tests.e2e.conftest import ORIGIN, Caller, for_everyone, on_aws


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json", response.text
    document = response.json()
    assert document["status"] == response.status_code
    return response.status_code, document["code"]


def count(caller: Caller) -> int:
    found, cursor = 0, None
    while True:
        params = {"limit": "200", **({"cursor": cursor} if cursor else {})}
        page = caller("GET", "/escrows", params=params).json()
        found += len(page["items"])
        cursor = page.get("cursor")
        if not cursor:
            return found


@on_aws
def test_the_life_of_an_escrow(ava: Caller, ben: Caller) -> None:
    made = ava.create(purchasePriceCents=50_000_000, commissionPercent=2.5)
    path = f"/escrows/{made['id']}"
    read = ben("GET", path)
    assert (for_everyone(read.json()), read.headers["etag"]) == (for_everyone(made), '"1"')
    patched = ben("PATCH", path, {"notes": "Zoë 🏡"}, headers={"If-Match": '"1"'})
    assert (patched.json()["notes"], patched.headers["etag"]) == ("Zoë 🏡", '"2"')
    assert ava("POST", f"{path}/archive").json()["archived"] is True
    assert ava("POST", f"{path}/restore").json()["archived"] is False
    assert ava("DELETE", path).status_code == 204
    assert problem(ava("GET", path)) == (404, "not_found")


def test_a_list_pages_through_everything_once(mia: Caller) -> None:
    street = f"{uuid4().hex} St"
    made = [mia.create(propertyAddress=f"{number} {street}")["id"] for number in range(5)]
    found: list[str] = []
    cursor = None
    while True:
        params = {"limit": "2", "q": street, **({"cursor": cursor} if cursor else {})}
        page = mia("GET", "/escrows", params=params).json()
        found += [item["id"] for item in page["items"]]
        cursor = page.get("cursor")
        if not cursor:
            break
    assert found == made[::-1]
    assert set(page["positions"]) == set(mia("GET", "/me").json()["rooms"])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", (400, "malformed_json")),
        ("{", (400, "malformed_json")),
        ("[]", (400, "malformed_json")),
        ('{"propertyAddress": "1 Main St", "colour": "red"}', (422, "invalid")),
        ('{"propertyAddress": 7}', (422, "invalid")),
        ('{"propertyAddress": "1 Main St", "status": "lost"}', (422, "invalid")),
        (json.dumps({"propertyAddress": "1 Main St", "notes": "n" * 65_536}), (422, "invalid")),
        (json.dumps({"propertyAddress": "1 Main St", "notes": "n" * MAX_BODY_BYTES}), (413, "too_large")),
    ],
)
def test_a_bad_body_gets_a_clear_error_and_writes_nothing(ava: Caller, content: str, expected: tuple[int, str]) -> None:
    before = count(ava)
    response = ava("POST", "/escrows", content=content, headers={"Content-Type": "application/json"})
    assert problem(response) == expected
    assert count(ava) == before


def test_an_unknown_status_change_changes_nothing(ava: Caller) -> None:
    made = ava.create()
    path = f"/escrows/{made['id']}"
    assert problem(ava("PATCH", path, {"status": "exploded"})) == (422, "invalid")
    ava("PATCH", path, {"status": "closed"})
    assert problem(ava("PATCH", path, {"status": "opened"})) == (409, "invalid_transition")
    assert ava("GET", path).json()["status"] == "closed"


def test_a_stale_if_match_gets_the_current_record(ava: Caller, ben: Caller) -> None:
    made = ava.create()
    path = f"/escrows/{made['id']}"
    current = ben("PATCH", path, {"notes": "first"}).json()
    refused = ava("PATCH", path, {"notes": "second"}, headers={"If-Match": '"1"'})
    assert problem(refused) == (412, "stale_version")
    assert refused.json()["current"] == ava("GET", path).json()
    assert refused.json()["current"]["version"] == current["version"] == 2


@on_aws
def test_a_repeated_key_writes_once_and_another_body_is_refused(ava: Caller) -> None:
    key, street = {"Idempotency-Key": uuid4().hex}, f"{uuid4().hex} St"
    first = ava("POST", "/escrows", {"propertyAddress": f"1 {street}"}, headers=key)
    again = ava("POST", "/escrows", {"propertyAddress": f"1 {street}"}, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    other = ava("POST", "/escrows", {"propertyAddress": f"2 {street}"}, headers=key)
    assert problem(other) == (409, "idempotency_mismatch")
    assert len(ava("GET", "/escrows", params={"q": street}).json()["items"]) == 1


def test_another_tenants_record_is_as_if_it_did_not_exist(ava: Caller, zed: Caller, mia: Caller) -> None:
    made = ava.create()
    for stranger in (zed, mia):
        for method, suffix in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/archive")):
            theirs = stranger(method, f"/escrows/{made['id']}{suffix}", {} if method == "PATCH" else None)
            nothing = stranger(method, f"/escrows/no-such-id{suffix}", {} if method == "PATCH" else None)
            assert problem(theirs) == (404, "not_found")
            assert theirs.json() == nothing.json()
    assert zed("GET", "/escrows").json()["items"] == []
    assert ava("GET", f"/escrows/{made['id']}").json() == made


def test_many_at_once_lose_nothing_and_number_without_gaps(ava: Caller, ben: Caller, mia: Caller) -> None:
    before = {room: at["seq"] for room, at in ava("GET", "/escrows").json()["positions"].items()}
    numbers_before = {item["escrowNumber"] for item in _all(ava) + _all(mia)}
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda who: who.create(), [ava, ben, mia] * 6))
        target = made[0]["id"]
        patches = list(pool.map(lambda n: ben("PATCH", f"/escrows/{target}", {"notes": f"note {n}"}), range(8)))
    assert {response.status_code for response in patches} == {200}
    assert sorted(response.json()["version"] for response in patches) == list(range(2, 10))
    after = {room: at["seq"] for room, at in ava("GET", "/escrows").json()["positions"].items()}
    assert after["team:north"] - before["team:north"] == 12 + 8
    numbers = sorted(int(item["escrowNumber"].rsplit("-", 1)[1]) for item in made)
    assert numbers == list(range(numbers[0], numbers[0] + 18))
    assert not numbers_before & {item["escrowNumber"] for item in made}


def _all(caller: Caller) -> list[dict[str, Any]]:
    return list(caller("GET", "/escrows", params={"limit": "200"}).json()["items"])


def test_pages_of_configured_origins_may_call_and_others_may_not(stack: RunningStack) -> None:
    url = stack.deployment.endpoints.http_url + "/escrows"

    def allowed(origin: str) -> str | None:
        preflight = {"Origin": origin, "Access-Control-Request-Method": "PATCH"}
        headers: Mapping[str, str] = httpx.options(url, headers=preflight).headers
        return headers.get("access-control-allow-origin")

    assert allowed(ORIGIN) == ORIGIN
    assert allowed("https://evil.test") is None


def test_me_and_the_directory_are_of_ones_own_brokerage(ava: Caller, dana: Caller, zed: Caller) -> None:
    assert ava("GET", "/me").json()["rooms"] == [f"user:{ava.user_id}", "team:north", "broker:harbor"]
    assert dana("GET", "/me").json()["teamIds"] == ["north", "south"]
    emails = [user["email"] for user in zed("GET", "/directory").json()["users"]]
    assert "zed@rival.test" in emails
    assert all(email.endswith("@rival.test") for email in emails)
    assert problem(ava("PUT", "/directory/teams/mine", {"name": "Mine"})) == (403, "forbidden")
