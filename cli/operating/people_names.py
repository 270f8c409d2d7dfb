"""What people and rooms are called at the terminal, where an id of 36 characters leaves no room for anything else."""

from __future__ import annotations

from collections.abc import Iterable

from cli.watch import Names
from openhouse.services import Services


def names_of(services: Services, brokerage_ids: Iterable[str]) -> Names:
    """Of all people of these brokerages."""
    users = [user.wire() for brokerage_id in brokerage_ids for user in services.directory.users(brokerage_id)]
    return Names({"users": users})


def author(by: str, names: Names) -> str:
    """Who has written a commit: somebody, or a part of the product, whose name has a colon."""
    return by if ":" in by else names.person(by)
