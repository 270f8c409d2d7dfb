"""A week of an office: records of every module, for looking at screens that have something to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

Call = Callable[..., Any]  # a Caller of the e2e tests


def fill(ava: Call, ben: Call, today: datetime) -> None:
    """As Ava and Ben of team North would."""
    listings = [_create(ava, "listings", record) for record in _listings(today)]
    for record, change in zip(listings, (-1_000_000, -2_000_000, 500_000), strict=False):
        ava("PATCH", f"/listings/{record['id']}", {"listPriceCents": record["listPriceCents"] + change})
    clients = [_create(ben, "clients", record) for record in _clients()]
    for record in _leads():
        _create(ava, "leads", record)
    for record in _escrows(today, [each["id"] for each in listings], [each["id"] for each in clients]):
        made = _create(ava, "escrows", record)
        ben("PATCH", f"/escrows/{made['id']}", {"purchasePriceCents": record["purchasePriceCents"] + 500_000})
    for record in _appointments(today, clients[0]["id"], listings[0]["id"]):
        _create(ben, "appointments", record)


def _create(call: Call, path: str, record: dict[str, Any]) -> dict[str, Any]:
    response = call("POST", f"/{path}", record)
    assert response.status_code == 201, response.text
    return dict(response.json())


def _day(today: datetime, days: int) -> str:
    return (today + timedelta(days=days)).date().isoformat()


def _escrows(today: datetime, listings: list[str], clients: list[str]) -> Iterator[dict[str, Any]]:
    rows = (
        ("1420 Magnolia Ave", "Sacramento", "95814", 62_500_000, "opened", 24, "Zoë Hart", 2.5),
        ("77 Riverbend Ct", "Davis", "95616", 84_900_000, "pending", 3, "Marcus and Ida Bell", 2.5),
        ("3015 Dover St, Unit B", "Folsom", "95630", 41_250_000, "pending", -2, "Angela Núñez", 3),
        ("9 Alder Creek Rd", "Auburn", "95603", 119_500_000, "opened", 31, "Whitfield Family Trust", 2.25),
        ("508 N 12th St", "Sacramento", "95811", 38_000_000, "opened", 1, "Priya Raman", 3),
        ("221 Orchard Way", "Roseville", "95661", 57_700_000, "closed", -12, "Tom Okafor", 2.5),
        ("1188 Hilltop Dr", "Rocklin", "95677", 73_300_000, "cancelled", 9, "J. Lindqvist", 2.5),
    )
    for number, (address, city, code, cents, status, days, buyer, percent) in enumerate(rows):
        yield {
            "propertyAddress": address,
            "city": city,
            "state": "CA",
            "zip": code,
            "purchasePriceCents": cents,
            "earnestDepositCents": cents // 33 // 10_000 * 10_000,
            "loanAmountCents": cents * 8 // 10,
            "status": status,
            "openedDate": _day(today, -20),
            "contingencyRemovalDate": _day(today, days - 14),
            "closeOfEscrowDate": _day(today, days),
            "buyerName": buyer,
            "sellerName": "R. Castellanos",
            "escrowCompany": "Placer Title",
            "lenderName": "Golden 1",
            "commissionPercent": percent,
            "commissionTotalCents": round(cents * percent / 100),
            "listingId": listings[number % len(listings)],
            "clientIds": {clients[number % len(clients)]: True},
            "notes": "Buyer travels until Thursday; sign remotely.\nTermite report ordered.",
            "timeline": {
                "a": {"at": f"{_day(today, -19)}T17:00:00.000Z", "title": "Deposit received", "done": True},
                "b": {"at": f"{_day(today, -3)}T17:00:00.000Z", "title": "Inspection", "done": True},
                "c": {"at": f"{_day(today, 4)}T17:00:00.000Z", "title": "Loan approval"},
            },
            "checklists": {
                "loan": {"a": {"title": "Application", "done": True}, "b": {"title": "Appraisal"}},
                "house": {"a": {"title": "Inspection", "done": True}, "b": {"title": "Request for repairs"}},
            },
            "documents": {"a": {"name": "Purchase agreement", "url": "https://example.com/agreement.pdf"}},
        }


def _listings(today: datetime) -> Iterator[dict[str, Any]]:
    rows = (
        ("3526 High St", "Sacramento", "95838", 39_900_000, 3, 2, 1_836, "residential", "active"),
        ("410 Tower Ln #1204", "Sacramento", "95814", 64_500_000, 2, 2, 1_210, "condo", "active"),
        ("77 Riverbend Ct", "Davis", "95616", 84_900_000, 4, 2.5, 2_420, "residential", "pending"),
        ("Lot 9, Foothill Rd", "Auburn", "95603", 21_000_000, 0, 0, 0, "land", "coming_soon"),
        ("221 Orchard Way", "Roseville", "95661", 59_900_000, 3, 2.25, 1_690, "townhouse", "expired"),
    )
    for number, (address, city, code, cents, beds, baths, feet, kind, status) in enumerate(rows):
        yield {
            "mlsNumber": f"2260{number}2345",
            "address": address,
            "city": city,
            "state": "CA",
            "zip": code,
            "listPriceCents": cents,
            "bedrooms": beds,
            "bathrooms": baths,
            "squareFeet": feet,
            "propertyType": kind,
            "listingType": "sale",
            "listDate": _day(today, -9 * number - 3),
            "status": status,
        }


def _clients() -> Iterator[dict[str, Any]]:
    rows = (
        ("Zoë", "Hart", "zoe@example.com", "+19165550123", "Davis", "buyer", "under_contract", "first home"),
        ("Angela", "Núñez", "angela@example.com", "+16615550142", "Folsom", "buyer", "active", "investor"),
        ("Marcus", "Bell", "bell@example.com", "+19165550177", "Sacramento", "both", "prospecting", "referral"),
        ("Priya", "Raman", "priya@example.com", "+14155550109", "Sacramento", "seller", "closed", "past client"),
    )
    for first, last, email, phone, city, kind, status, tag in rows:
        yield {
            "firstName": first,
            "lastName": last,
            "email": email,
            "phone": phone,
            "city": city,
            "state": "CA",
            "clientType": kind,
            "status": status,
            "tags": {tag: True},
        }


def _leads() -> Iterator[dict[str, Any]]:
    rows = (
        ("Sam", "Ortiz", "+19165550144", "open_house", 60_000_000, 70, "new"),
        ("Dee", "Kowalski", "+19165550151", "zillow", 45_000_000, 35, "new"),
        ("Hana", "Sato", "+15305550166", "referral", 90_000_000, 92, "qualified"),
        ("Luis", "Prado", "+19165550190", "website", 38_000_000, 50, "contacted"),
    )
    for first, last, phone, source, budget, score, status in rows:
        yield {
            "firstName": first,
            "lastName": last,
            "phone": phone,
            "source": source,
            "budgetCents": budget,
            "score": score,
            "status": status,
        }


def _appointments(today: datetime, client: str, listing: str) -> Iterator[dict[str, Any]]:
    for title, hour, length, status in (
        ("Showing, 3526 High St", 17, 45, "confirmed"),
        ("Call with Golden 1 about the loan", 17.5, 30, "scheduled"),
        ("Sign listing agreement, Raman", 20, 60, "scheduled"),
        ("Final walk-through, 77 Riverbend Ct", 23, 45, "scheduled"),
        ("Inspection, Orchard Way", 41, 90, "confirmed"),
        ("Open house, 410 Tower Ln", 66, 180, "scheduled"),
        ("Showing, 3015 Dover St", -5, 45, "completed"),
        ("Coffee with Hana Sato", -28, 60, "cancelled"),
        ("Conference of agents, Monterey", 42, 3_120, "confirmed"),
    ):
        starts = datetime.combine(today.date(), time(0), tzinfo=UTC) + timedelta(hours=hour)
        yield {
            "title": title,
            "startsAt": starts.isoformat(),
            "endsAt": (starts + timedelta(minutes=length)).isoformat(),
            "location": "3526 High St, Sacramento",
            "clientId": client,
            "listingId": listing,
            "status": status,
        }
