"""Short ways to a proposal and to what rows become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openhouse.crm.module import Module
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.importing.mapping import Choice
from openhouse.importing.proposal import propose
from openhouse.importing.reader import Read, Reader

PLACE = {"City": "Davis", "State": "CA", "Zip": "95616"}


def targets(columns: Sequence[str], module: Module, *rows: Sequence[str]) -> list[str | None]:
    return [column.target for column in propose(columns, rows, module).columns]


def read(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    module: Module,
    choices: Mapping[int, Choice] | None = None,
    constants: Mapping[str, Any] | None = None,
) -> list[Read]:
    mapping = propose(columns, rows, module).decide(choices, constants)
    reader = Reader.of(mapping, module, this_year=2026, time_zone="America/Los_Angeles")
    return [reader.read(row) for row in rows]


def values(field: str, header: str, texts: Sequence[str], module: Module = ESCROWS) -> list[Any]:
    """What a column of texts becomes in one field, beside all that the module needs; None where it is left out."""
    needed = {
        ESCROWS: {"Property Address": "1 A St"},
        LISTINGS: {"Address": "1 A St", **PLACE},
        CLIENTS: {"Last Name": "Hart"},
        LEADS: {"Email": "zoe{}@example.com"},
    }[module]
    columns = [*(name for name in needed if name != header), header]
    rows = [
        [*(text.format(number) for name, text in needed.items() if name != header), text]
        for number, text in enumerate(texts)
    ]
    return [one.document.get(field) for one in read(columns, rows, module)]


def warned(header: str, texts: Sequence[str], module: Module = ESCROWS) -> list[str]:
    """Why cells of a column of an escrow are left out, one sentence a row, empty where none is."""
    rows = [["1 A St", text] for text in texts]
    return ["; ".join(why for _, _, why in one.warnings) for one in read(["Property Address", header], rows, module)]
