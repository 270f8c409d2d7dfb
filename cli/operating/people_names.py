"""What people and rooms are called at the terminal, where an id of 36 characters leaves no room for anything else."""

from __future__ import annotations

from collections.abc import Iterable

from cli.watch import Names
from openhouse.services import Services


def names_of(services: Services, brokerage_ids: Iterable[str]) -> Names:
    """Of all people and teams of these brokerages."""
    known, directory = [*brokerage_ids], services.directory
    users = [user.wire() for brokerage_id in known for user in directory.users(brokerage_id)]
    teams = [team.wire() for brokerage_id in known for team in directory.teams(brokerage_id)]
    return Names({"users": users, "teams": teams})


def author(by: str, names: Names) -> str:
    """Who has written a commit: somebody, or a part of the product, whose name has a colon."""
    return by if ":" in by else names.person(by)
