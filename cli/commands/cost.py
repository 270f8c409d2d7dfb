from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def cost(
    users: Annotated[int, typer.Option(metavar="N", min=1, max=1_000_000, help="People.")] = 1_000,
    writes_per_user_hour: Annotated[float, typer.Option(metavar="N", min=0, max=10_000)] = 20,
    hours: Annotated[float, typer.Option(metavar="N", min=0.1, max=24, help="Of work a day.")] = 8,
    days: Annotated[float, typer.Option(metavar="N", min=1, max=31, help="Of work a month.")] = 22,
    idle_hours: Annotated[float, typer.Option(metavar="N", min=0, max=24, help="The app is open beside that.")] = 2,
    team_size: Annotated[int, typer.Option(metavar="N", min=1, max=200, help="They see each other's changes.")] = 5,
    brokerage_size: Annotated[int, typer.Option(metavar="N", min=1, max=200, help="They see who is there.")] = 50,
    tabs: Annotated[float, typer.Option(metavar="N", min=1, max=50, help="Of a person, open at a time.")] = 2,
    imported_rows: Annotated[
        int, typer.Option(metavar="N", min=0, max=1_000_000_000, help="A month, of all.")
    ] = 10_000,
    records: Annotated[int, typer.Option(metavar="N", min=0, max=1_000_000, help="Kept, of each person.")] = 1_000,
    free_tier: Annotated[
        bool, typer.Option("--free-tier", help="Less what AWS gives each account for nothing, for good.")
    ] = False,
    prices: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Of another region or date, like cli/costs/prices.json.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")] = False,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it as well, as .png or .svg.")] = None,
) -> None:
    """Say what a month costs on AWS, and with what others use.

    What each thing takes of AWS was counted on the code of this very version; prices and their sources are in
    cli/costs/prices.json. docs/costs.md says more.
    """
    if hours + idle_hours > 24:
        raise typer.BadParameter("a day has 24 hours, of work and beside it.", param_hint="'--idle-hours'")
    if plot is not None and plot.suffix not in (".png", ".svg"):
        raise typer.BadParameter(f"'{plot}' is neither .png nor .svg.", param_hint="'--plot'")

    from cli.costs.prices import FILE
    from cli.costs.run import run
    from cli.costs.usage import Usage

    usage = Usage(
        users=users,
        writes=writes_per_user_hour,
        hours=hours,
        days=days,
        idle_hours=idle_hours,
        team=team_size,
        brokerage=brokerage_size,
        tabs=tabs,
        imported=imported_rows,
        records=records,
    )
    run(usage, prices or FILE, free_tier=free_tier, as_json=json, plot=plot)
