from __future__ import annotations

from typing import Annotated

import typer


def contract(
    check: Annotated[bool, typer.Option("--check", help="Only say whether they are what the code says.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep them as the previous ones, which nothing may break: with a release.")
    ] = False,
) -> None:
    """Write the contract documents, unless that breaks clients."""
    from contractgen.documents import contract, keep_as_previous
    from deployed import ROOT
    from deployed.terminal import say
    from openhouse.entities import ENTITIES

    made = contract(ENTITIES, ROOT, check=check or keep)
    if keep:
        say(*(f"Kept as {path.relative_to(ROOT)}" for path in keep_as_previous(ROOT)))
        return
    say(*([] if check else [f"{len(text.encode()):9,} bytes  {path}" for path, text in made.items()]))
