"""`make contract`: writes the contract documents, but none that breaks clients unawares."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from contractgen.documents import documents, refuse_breaking, refuse_difference, write
from deployed import ROOT
from deployed.terminal import exit_with
from openhouse.crm.entities import ENTITIES
from openhouse.rooms.entity import Entity


def main(arguments: Sequence[str] | None = None, *, entities: Sequence[Entity] = ENTITIES, root: Path = ROOT) -> int:
    options = _parser().parse_args(arguments)
    made = documents(entities)
    refuse_breaking(made, root)
    if options.check:
        refuse_difference(made, root)
    else:
        write(made, root)
        print("\n".join(f"{len(text.encode()):9,} bytes  {path}" for path, text in made.items()))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m contractgen", description="Write the contract documents.")
    parser.add_argument("--check", action="store_true", help="say whether the committed ones are what the code says")
    return parser


if __name__ == "__main__":
    exit_with(main)
