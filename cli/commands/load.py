from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.commands.options import LOCAL_CONFIG, As, Endpoint

if TYPE_CHECKING:
    from openhouse_client.rest import Rest


_FORMS = {"--map": "COLUMN=FIELD", "--set": "FIELD=TEXT"}


def load(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or the like, an Excel workbook (.xlsx) or vCards.")],
    module: Annotated[str, typer.Option(metavar="MODULE", help="What the rows are, such as escrows.")],
    email: As,
    endpoint: Endpoint = LOCAL_CONFIG,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="Which field a column is; may be given several times."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=TEXT", help="What all records have, such as status=sold."),
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Of times of day in the file, such as America/Los_Angeles.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=32, help="Requests at a time.")] = 4,
) -> None:
    """Create one record per row of a file.

    Columns are found by the field's name or by what other systems call it: the exports of usual CRMs, MLSs and address
    books need no --map. What a column only may be is said, and not used. Whether 3/2 is in March or in February, and
    whether 1,5 has a thousand or a decimal, is decided by all of a column; what cannot be read is left out and said.
    Fields in cents are taken from columns in dollars, exactly; only a column whose own name ends in 'cents' is taken as
    it is.

    Loading the same file again within a day doubles nothing, also after mending rows or columns. The exit code is 1 if
    rows were rejected.
    """
    chosen, constants = dict(_pairs("--map", map_)), dict(_pairs("--set", set_))

    from cli.load import load_file
    from cli.passwords import code_of, password_of
    from deployed.endpoints import Endpoints
    from deployed.signed_in import signed_in
    from openhouse.crm.modules import MODULES

    found = next((one for one in MODULES if one.path == module), None)
    if found is None:
        paths = ", ".join(one.path for one in MODULES)
        raise typer.BadParameter(f"{module!r} is not one of {paths}.", param_hint="'--module'")

    def connect() -> AbstractAsyncContextManager[Rest]:
        return signed_in(Endpoints.fetch(endpoint), email, password_of(email), code=code_of)

    if not load_file(file, found, chosen, connect, workers=workers, constants=constants, time_zone=time_zone):
        raise typer.Exit(1)


def _pairs(option: str, texts: list[str] | None) -> Iterator[tuple[str, str]]:
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not (name.strip() and equals and value.strip()):
            raise typer.BadParameter(f"{text!r} is not {_FORMS[option]}.", param_hint=f"'{option}'")
        yield name.strip(), value.strip()
