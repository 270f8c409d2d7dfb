"""The TypeScript types let a client handle every event, and stop one that forgets one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from contractgen.documents import TYPES
from deployed import ROOT
from openhouse.contract.registry import events_of
from openhouse.entities import ENTITIES
from tests.contract.compiling import compile_beside, compile_client

CONTRACT = (ROOT / TYPES).read_text()
EVENTS = list(events_of(ENTITIES))


def switch(types: Iterable[str]) -> str:
    """A handler with a case for each of these types, which the compiler takes only if there are no others."""
    cases = "".join(f'    case "{type_}": return event.data.version;\n' for type_ in types)
    return f"""import type {{ Event }} from "./contract.js";
export function versionOf(event: Event): number {{
  switch (event.type) {{
{cases}    default: {{ const none: never = event; return none; }}
  }}
}}
"""


def unhandled(contract: str, types: Sequence[str], missing: str, folder: Path) -> list[tuple[str, str]]:
    """What the compiler finds unhandled: (file, event), of all types (`whole`) and of all but one (`without`)."""
    files = {"whole.ts": switch(types), "without.ts": switch(set(types) - {missing})}
    said = compile_beside(contract, files, folder)
    return re.findall(r"^(\w+)\.ts\(\d+,\d+\): error TS2322: Type '(\w+)'", said, re.MULTILINE)


def test_the_client_compiles_under_the_strictest_settings() -> None:
    assert compile_client() == ""


def test_a_switch_over_every_event_compiles_and_one_without_any_of_them_does_not(tmp_path: Path) -> None:
    without = {f"without{number}.ts": switch(set(EVENTS) - {type_}) for number, type_ in enumerate(EVENTS)}
    said = compile_beside(CONTRACT, {"whole.ts": switch(EVENTS), **without}, tmp_path)
    complaints = re.findall(r"^(\w+)\.ts\(\d+,\d+\): error TS2322: Type '(\w+)' is not assignable", said, re.MULTILINE)
    names = [model.__name__ for model in events_of(ENTITIES).values()]
    assert complaints == [(f"without{number}", names[number]) for number in sorted(range(len(EVENTS)), key=str)]
    assert len(said.splitlines()) == len(complaints)


def test_the_type_of_an_event_tells_what_its_data_holds(tmp_path: Path) -> None:
    said = compile_beside(
        CONTRACT,
        {
            "narrowing.ts": """import type { Event } from "./contract.js";
export function right(event: Event): unknown {
  if (event.type === "escrow:deleted") return event.data.reason satisfies "deleted" | "moved";
  if (event.type === "listing:sold" && "changes" in event.data) return event.data.changes.soldPriceCents;
  if (event.type === "client:created" && "client" in event.data) return event.data.client.status satisfies string;
  return event.type satisfies `${string}:${string}`;
}
export function wrong(event: Event): unknown {
  if (event.type === "escrow:deleted") return event.data.changes;
  if (event.type === "listing:sold" && "changes" in event.data) return event.data.changes.purchasePriceCents;
  if (event.type === "client:created" && "client" in event.data) return event.data.client.email satisfies string;
  return event.data.changes;
}
"""
        },
        tmp_path,
    )
    assert re.findall(r"narrowing\.ts\((\d+),", said) == ["9", "10", "11", "12"], said


def test_what_a_client_sends_is_checked(tmp_path: Path) -> None:
    said = compile_beside(
        CONTRACT,
        {
            "sending.ts": """import type { ClientMessage, EscrowPatch, NewEscrow } from "./contract.js";
export const fine: NewEscrow = { propertyAddress: "1 Main St", city: null };
export const missing: NewEscrow = {};
export const unknown: NewEscrow = { propertyAddress: "1 Main St", colour: "red" };
export const assigned: NewEscrow = { propertyAddress: "1 Main St", escrowNumber: "ESC-2026-001" };
export const ping: ClientMessage = { action: "ping", id: "1" };
export const shout: ClientMessage = { action: "shout", id: "1" };
export const absent: EscrowPatch = { status: undefined };
"""
        },
        tmp_path,
    )
    assert re.findall(r"sending\.ts\((\d+),", said) == ["3", "4", "5", "7", "8"]
