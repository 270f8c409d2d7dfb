from __future__ import annotations

from typing import Annotated

import typer


def contract(
    check: Annotated[bool, typer.Option("--check", help="Only say whether they are what the code says.")] = False,
) -> None:
    """Write the contract documents, unless that breaks clients."""
    from contractgen.documents import contract
    from deployed import ROOT
    from deployed.terminal import say
    from openhouse.entities import ENTITIES

    made = contract(ENTITIES, ROOT, check=check)
    say(*([] if check else [f"{len(text.encode()):9,} bytes  {path}" for path, text in made.items()]))
