"""Records made of values: which there are, what they hold, how they name each other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from openhouse.core import clock
from openhouse.core.complaints import complaint
from openhouse.crm.module import Module
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.crm.time_zones import begin_of
from openhouse.language import people
from openhouse.language.key_dates import KeyDate
from openhouse.language.labels import PAST, TITLES, DateLabel, Label
from openhouse.language.values import Place, Read, Values

_ESCROW: dict[Label, str] = {
    "street": "propertyAddress", "city": "city", "state": "state", "zip": "zip", "purchase_price": "purchasePriceCents",
    "earnest_deposit": "earnestDepositCents", "down_payment_percent": "downPaymentPercent",
    "loan_amount": "loanAmountCents", "escrow_company": "escrowCompany", "title_company": "titleCompany",
    "lender": "lenderName", "commission_percent": "commissionPercent", "commission_total": "commissionTotalCents",
    "agent_commission": "agentCommissionCents",
}  # fmt: skip
_ESCROW_DATES: dict[DateLabel, str] = {
    "opened": "openedDate", "contingency_removal": "contingencyRemovalDate", "close_of_escrow": "closeOfEscrowDate",
    "closed": "actualCloseDate",
}  # fmt: skip
_LISTING: dict[Label, str] = {
    "street": "address", "city": "city", "state": "state", "zip": "zip", "mls_number": "mlsNumber",
    "list_price": "listPriceCents", "bedrooms": "bedrooms", "bathrooms": "bathrooms", "square_feet": "squareFeet",
    "lot_size": "lotSizeSqft", "property_type": "propertyType", "listing_type": "listingType", "hoa_fee": "hoaFeeCents",
    "hoa_frequency": "hoaFrequency", "parking_spaces": "parkingSpaces", "year_built": "yearBuilt",
}  # fmt: skip
_OF_A_DEAL: tuple[Label, ...] = (
    "purchase_price", "earnest_deposit", "loan_amount", "down_payment_percent", "commission_percent",
    "commission_total",
)  # fmt: skip
_LEAST_ADDRESS: tuple[Label, ...] = ("street", "city", "state", "zip")
_APPOINTMENT_LASTS = timedelta(hours=1)
_YEAR = "The text names no year; the one next to today is meant."


@dataclass(frozen=True)
class Refused:
    message: str
    place: Place


@dataclass
class Draft:
    """`links`: fields that name records, with their `ref`s instead of ids."""

    ref: str
    module: Module
    fields: dict[str, Read]
    links: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    refused: list[Refused] = field(default_factory=list)


def drafts(values: Values, dates: Sequence[KeyDate], time_zone: str) -> list[Draft]:
    clients = [*_clients(values)]
    listing = _listing(values, dates)
    escrow = _escrow(values, dates)
    found = [*_some(escrow), *_some(listing), *clients, *_appointments(values, dates, time_zone)]
    client_refs = [each.ref for each in clients]
    if escrow and listing:
        escrow.links["listingId"] = listing.ref
    if escrow and clients:
        escrow.links["clientIds"] = dict.fromkeys(client_refs, True)
    for draft in found:
        if draft.module is APPOINTMENTS:
            draft.links |= {"listingId": listing.ref} if listing else {}
            draft.links |= {"clientId": client_refs[0]} if len(client_refs) == 1 else {}
        _hold_to_the_model(draft)
    return [draft for draft in found if draft.fields]


def _escrow(values: Values, dates: Sequence[KeyDate]) -> Draft | None:
    dated = {each.label for each in dates}
    is_deal = values.mentions("transaction", *_OF_A_DEAL) or dated & {
        "close_of_escrow",
        "closed",
        "acceptance",
        "opened",
    }
    if not is_deal:
        return None
    fields = _fields(values, _ESCROW)
    for label, name in _ESCROW_DATES.items():
        of_label = [each for each in dates if each.label == label]
        if len(of_label) == 1:
            fields[name] = _day(of_label[0])
    for party, name in (("buyer", "buyerName"), ("seller", "sellerName")):
        if mentions := values.mentions(party):  # type: ignore[arg-type]
            place = (mentions[0].start, mentions[0].end)
            fields[name] = Read(" ".join(values.shown[slice(*place)].split()), place)
    return Draft("escrow-1", ESCROWS, fields) if fields else None


def _listing(values: Values, dates: Sequence[KeyDate]) -> Draft | None:
    fields = _fields(values, _LISTING)
    listed = [each for each in dates if each.label == "list_date"]
    if len(listed) == 1:
        fields["listDate"] = _day(listed[0])
    about_it = fields.keys() - {_LISTING[label] for label in _LEAST_ADDRESS}
    is_whole = all(_LISTING[label] in fields for label in _LEAST_ADDRESS)
    if not (is_whole or ("address" in fields and about_it)):
        return None
    return Draft("listing-1", LISTINGS, fields)


def _fields(values: Values, names: dict[Label, str]) -> dict[str, Read]:
    fields = {name: each for label, name in names.items() if (each := values.one(label))}
    if values.country != "US" and (origin := fields.get("zip") or fields.get("state")):
        fields["country"] = Read(values.country, origin.place)
    return fields


def _clients(values: Values) -> Iterator[Draft]:
    known: dict[str, Draft] = {}
    for mention in values.mentions("buyer", "seller", "client"):
        for name in people.names(values.shown[mention.start : mention.end]):
            draft = Draft(f"client-{len(known) + 1}", CLIENTS, _name(name, mention.start, values.shown))
            first = known.setdefault(name.key, draft)
            kind = _client_type(values, mention.label)
            if kind:
                first.fields["clientType"] = _merged(first.fields.get("clientType"), kind)
    drafts_ = [*known.values()]
    for label, field_name in (("client_email", "email"), ("client_phone", "phone")):
        for read in values.all(label):  # type: ignore[arg-type]
            owner = _owner(drafts_, read.place)
            if owner is not None:
                owner.fields.setdefault(field_name, read)
    yield from drafts_


def _name(name: people.Name, base: int, shown: str) -> dict[str, Read]:
    whole = (base + name.start, base + name.end)
    if name.company:
        return {"company": Read(name.company, whole)}
    last_start = base + name.last_start
    last_end = last_start + len(name.last or "")
    before = shown[whole[0] : last_start].rstrip() if whole[0] < last_start < whole[1] else shown[slice(*whole)]
    fields: dict[str, Read] = {}
    if name.first:
        fields["firstName"] = Read(name.first, (whole[0], whole[0] + len(before)))
    if name.last:
        fields["lastName"] = Read(name.last, (last_start, last_end))
    return fields


def _client_type(values: Values, label: Label) -> Read | None:
    if label in ("buyer", "seller"):
        mention = values.mentions(label)[0]
        return Read(label, (mention.start, mention.end), f"Named as {label}.")
    for wish, kind in (("wants_to_buy", "buyer"), ("wants_to_sell", "seller")):
        if mentions := values.mentions(wish):  # type: ignore[arg-type]
            return Read(kind, (mentions[0].start, mentions[0].end))
    return None


def _merged(known: Read | None, kind: Read) -> Read:
    return kind if known is None or known.value == kind.value else known._replace(value="both")


def _owner(clients: Sequence[Draft], place: Place) -> Draft | None:
    """Whose name stands before it and nearest to it; else the first."""
    starts = [(min(read.place[0] for read in each.fields.values()), each) for each in clients]
    before = [each for each in starts if each[0] < place[0]]
    return max(before, key=lambda each: each[0])[1] if before else clients[0] if clients else None


def _appointments(values: Values, dates: Sequence[KeyDate], time_zone: str) -> Iterator[Draft]:
    street, city = values.one("street"), values.one("city")
    for number, each in enumerate((one for one in dates if one.label not in PAST), start=1):
        day = _day(each)
        fields = {"title": Read(TITLES[each.label], day.place)}
        if each.at is None:
            begins, ends = begin_of(each.day, time_zone), begin_of(each.day + timedelta(days=1), time_zone)
            fields["allDay"] = Read(True, day.place)
            length = ""
        else:
            begins = datetime.combine(each.day, each.at, ZoneInfo(time_zone)).astimezone(UTC)
            ends = begins + _APPOINTMENT_LASTS
            length = "The text says no end; an hour is assumed."
        fields["startsAt"] = Read(clock.to_wire(begins), day.place, day.note)
        fields["endsAt"] = Read(clock.to_wire(ends), day.place, length)
        fields["timeZone"] = Read(time_zone, day.place, "Where you are.")
        if street:
            fields["location"] = Read(", ".join(part.value for part in (street, city) if part), street.place)
        yield Draft(f"appointment-{number}", APPOINTMENTS, fields)


def _day(each: KeyDate) -> Read:
    note = _YEAR if each.assumed_year else ""
    if each.term:
        note = (
            f"Worked out: {abs(each.term.days)} {'business' if each.term.business else 'calendar'} days. {note}".strip()
        )
    return Read(each.day.isoformat(), (each.mention.start, each.mention.end), note)


def _hold_to_the_model(draft: Draft) -> None:
    """What the module does not take is left out and told; what it needs and is not there is `missing`."""
    document = {name: each.value for name, each in draft.fields.items()}
    missing: list[str] = []
    try:
        draft.module.model.model_validate(document, by_alias=True, by_name=False)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            name = str(fault["loc"][0])
            if fault["type"] == "missing":
                missing += [name] if _is_written(draft.module, name) else []
            elif name in draft.fields:
                draft.refused.append(Refused(f"{name} {complaint(fault)}.", draft.fields.pop(name).place))
    draft.missing = tuple(missing)


def _is_written(module: Module, name: str) -> bool:
    return name not in module.assigned | {"ownerId", "status"}


def _some(draft: Draft | None) -> list[Draft]:
    return [draft] if draft else []
