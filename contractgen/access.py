"""docs/access.md: who may do what, said by the rule itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contractgen.schemas import GENERATED
from openhouse.core.principal import Principal, Role
from openhouse.crm.access import Placement, Right, rights
from openhouse.crm.module import Module

_TEAM = Placement(owner_id="owner", team_id="north", visibility="team")
_BROKERAGE, _PRIVATE = replace(_TEAM, visibility="broker"), replace(_TEAM, visibility="private")

_TEXT = """\
<!-- {generated} -->
# Who may do what

Visibility says who reads a record: its owner (`private`), its team (`team`) or the brokerage (`broker`). Who is not in
the record's room does not find it (404). What else somebody may do with a record that they reach follows from what they
are to it, and if several rows hold, they have the rights of all of them. REST tells these with each record, as `can`.

{table}

- **edit**: fields, status, archive and restore. **delete**: also recover. **share**: visibility, and the team among
  one's own. **reassign**: the owner. **reopen**: lead out of a final status, with a reason.
- A private record exists for its owner alone. Whoever is not its owner never makes a record private, and an owner who
  took it from somebody (`takenOver`) does not either. To give a private record away, share it first.
- The owner of a record is in its team, whenever either is named; brokers are in every team. A team is never removed.
- Nobody moves a record into a room that they are not in. An owner who has left the team does not reach its records.
- Leads move records between teams of their own, and give them to people of those teams.
- One request is judged as a whole: what it is refused, several requests do not achieve either.
- A new record is its creator's, or, at once, whom the creator might have given it to.
- Whoever may edit a record may lock it. Whoever may reassign it may take its lock over from somebody.
- Administrators change the directory. With records, they are what their teams make them.
"""


def access_page(_modules: Sequence[Module]) -> str:
    """The page in Markdown."""
    columns = [right for right in Right if right is not Right.READ]
    lines = ["| | reads | " + " | ".join(columns) + " |", "|---|---|" + "---|" * len(columns)]
    for title, cases in _ROWS:
        found = [rights(who, placement) for who, placement in cases]
        cells = ["yes" if all(right in each for each in found) else "no" for right in (Right.READ, *columns)]
        assert all(each == found[0] for each in found), title
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return _TEXT.format(generated=GENERATED, table="\n".join(lines))


def _person(user_id: str, *team_ids: str, role: Role = "agent") -> Principal:
    return Principal(user_id=user_id, brokerage_id="harbor", role=role, team_ids=team_ids, expires_at=0)


_ROWS: tuple[tuple[str, list[tuple[Principal, Placement]]], ...] = (
    ("owner", [(_person("owner", "north"), each) for each in (_TEAM, _BROKERAGE, _PRIVATE)]),
    ("owner who is a lead, of another team", [(_person("owner", "south", role="lead"), _BROKERAGE)]),
    (
        "member of the record's team, visibility `team` or `broker`",
        [(_person("member", "north"), each) for each in (_TEAM, _BROKERAGE)],
    ),
    ("lead of the record's team", [(_person("lead", "north", role="lead"), each) for each in (_TEAM, _BROKERAGE)]),
    (
        "anyone else in the brokerage, visibility `broker`",
        [(_person("other", "south", role=role), _BROKERAGE) for role in ("agent", "lead")],
    ),
    ("anyone else in the brokerage, visibility `team`", [(_person("other", "south"), _TEAM)]),
    ("broker", [(_person("dana", "north", "south", role="broker"), each) for each in (_TEAM, _BROKERAGE)]),
    ("anyone but the owner, visibility `private`", [(_person("dana", "north", "south", role="broker"), _PRIVATE)]),
    (
        "administrator in the record's team",
        [(_person("root", "north", role="admin"), each) for each in (_TEAM, _BROKERAGE)],
    ),
    ("administrator in another team, visibility `broker`", [(_person("root", "south", role="admin"), _BROKERAGE)]),
)
