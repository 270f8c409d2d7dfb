"""Records of other modules that a table tells of, too: the buyer, the seller and the listing of each transaction.

Each is read from the same rows by a mapping of its own. Whoever writes them makes each once, and links it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openhouse.crm.module import Module
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.importing.header_words import header_of
from openhouse.importing.proposal import Proposal, propose


@dataclass(frozen=True)
class Role:
    """`name`: the word that its columns begin with; none has the whole table. `link`: the field that names its record.

    `needed`: one of these has to be filled for there to be such records.
    """

    name: str
    module: Module
    link: str
    needed: frozenset[str]
    constants: Mapping[str, Any] = field(default_factory=dict)


_NAMED = frozenset({"fullName", "firstName", "lastName", "company"})
_OTHERS = frozenset({"agent", "broker", "lender", "attorney", "office", "coordinator", "id", "side"})  # of the buyer

ROLES: Mapping[str, Sequence[Role]] = {
    ESCROWS.path: (
        Role("buyer", CLIENTS, "clientIds", _NAMED, {"clientType": "buyer"}),
        Role("seller", CLIENTS, "clientIds", _NAMED, {"clientType": "seller"}),
        Role("", LISTINGS, "listingId", frozenset({"address", "address.name"})),
    ),
}


@dataclass(frozen=True)
class Linked:
    role: Role
    proposal: Proposal


def propose_linked(columns: Sequence[str], rows: Iterable[Sequence[str]], module: Module) -> tuple[Linked, ...]:
    """What else a table of this module surely feeds; `decide` is given the role's constants."""
    return tuple(_linked(columns, [tuple(row) for row in rows], module))


def _linked(columns: Sequence[str], rows: Sequence[Sequence[str]], module: Module) -> Iterator[Linked]:
    for role in ROLES.get(module.path, ()):
        names = [_without_role(name, role, module) for name in columns]
        seen = [[cell if name else "" for cell, name in zip(row, names, strict=False)] for row in rows]
        proposal = propose([name or "" for name in names], seen, role.module)
        filled = {column.target for column in proposal.columns}
        if role.needed & filled and not set(proposal.missing) - role.constants.keys():
            yield Linked(role, proposal)


def _without_role(name: str, role: Role, module: Module) -> str | None:
    """`Email` of `Buyer Email`, `Name` of `Buyer`; nothing of what is somebody else's."""
    words = header_of(name).words
    if not role.name:
        people = {other.name for other in ROLES[module.path]} - {""}
        return None if people & {*words} else name
    if role.name not in words or not _OTHERS.isdisjoint(words):
        return None
    return " ".join(word for word in words if word != role.name) or "name"
