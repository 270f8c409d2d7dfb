"""What tests of tasks do and look at."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Caller, until
from tests.e2e.test_files import bring


def tray(page: Page) -> Locator:
    return page.get_by_role("region", name="Tasks", exact=True)


def line(page: Page, status: str) -> Locator:
    return tray(page).locator(f"[data-task={status}]")


def find_duplicates(page: Page) -> None:
    """From the menu of the list that is shown."""
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Find duplicates").click()


def tasks(caller: Caller) -> list[dict[str, Any]]:
    return list(caller("GET", "/tasks").json()["items"])


def proposed(caller: Caller, among: list[str]) -> dict[str, Any]:
    """A task that looks for duplicates, once it has found some."""
    begun = caller("POST", "/tasks", {"kind": "find_duplicates", "input": {"among": among}})
    assert begun.status_code == 201, begun.text
    return waited(caller, begun.json()["id"], "proposed")


AGREEMENT = (
    "Date of Acceptance: {accepted}. Buyer shall deliver the deposit within 3 business days after acceptance. "
    "Buyer shall remove all contingencies within 17 days after acceptance. Close of escrow shall be {closing}."
)


def begun(caller: Caller, kind: str, **input_: Any) -> str:
    """The id of a task."""
    answer = caller("POST", "/tasks", {"kind": kind, "input": input_})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def proposed_of_texts(caller: Caller, escrow: str, listing: str) -> dict[str, str]:
    """The ids of tasks that wait for a person: records of a text, dates of the escrow, a description of the listing."""
    zone = {"timeZone": "America/Los_Angeles"}
    deal = (
        "We have a deal! Escrow for 123 Main St, Bakersfield CA 93301. Buyer: Ana Ruiz (ana.ruiz@example.com), "
        "seller: Marcus Bell.\nPurchase price $540,000. Loan amount $432,000, later on: loan amount $450,000.\n"
        "Final walk-through on August 1, 2027 at 10 am. Closing August 3, 2027.\nEscrow company: Placer Title."
    )
    agreement = AGREEMENT.format(accepted="June 4, 2027", closing="July 15, 2027, or close of escrow July 22, 2027")
    tasks = {
        "records": begun(caller, "create_from_text", text=deal, **zone),
        "dates": begun(caller, "escrow_timeline", escrow=escrow, text=agreement, **zone),
        "description": begun(caller, "describe_listing", listing=listing),
    }
    for id_ in tasks.values():
        waited(caller, id_, "proposed")
    return tasks


CONTACTS = (
    "First Name,Last Name,Reach,Client Type,Shoe Size\n"
    "Rosa,Delgado,rosa.delgado@example.com,Buyer,38\n"
    "Theo,Lindqvist,no address,Sphere,43\n"
    "Priya,Raman,priya.raman@example.com,Seller,\n"
    "Tom,Okafor,tom.okafor@example.com,Buyer,45\n"
    "Ida,Bell,ida.bell@example.com,Seller,37\n"
)


def proposed_import(caller: Caller, table: str = CONTACTS) -> dict[str, Any]:
    """An import of clients that waits for a person: columns that are sure, suggested and unknown, and a word, too."""
    file = bring(caller, {"noun": "import"}, table.encode(), type_="text/csv", name="Contacts of spring.csv")
    begun = caller("POST", "/tasks", {"kind": "import", "input": {"file": file, "module": "client"}})
    assert begun.status_code == 201, begun.text
    return waited(caller, begun.json()["id"], "proposed")


def waited(caller: Caller, task_id: str, status: str) -> dict[str, Any]:
    """The task, once nothing works on it."""
    path = f"/tasks/{task_id}"
    until(lambda: caller("GET", path).json()["status"] != "running")
    task: dict[str, Any] = caller("GET", path).json()
    assert task["status"] == status, task
    return task


def end_all(caller: Caller) -> None:
    """What runs, or waits."""
    for task in tasks(caller):
        if "cancel" in task["can"]:
            assert caller("POST", f"/tasks/{task['id']}/cancel").status_code == 200


def long_import(caller: Caller, count: int) -> None:
    """One that is at work on so many clients: a hundred are written a second."""
    mark = uuid4().hex[:8]
    rows = "".join(f"N{number},{mark},{mark}.{number}@example.com\n" for number in range(count))
    task = proposed_import(caller, f"First Name,Last Name,Email\n{rows}")
    assert caller("POST", f"/tasks/{task['id']}/confirm").status_code == 200


def expect_gone(page: Page) -> None:
    """Nothing to be told: the tray goes with its last line."""
    expect(tray(page)).to_have_count(0)
