"""The command line `openhouse`: which commands there are."""

from __future__ import annotations

from typing import NoReturn

import typer

from cli.commands import brokerage
from cli.commands.broadcast import broadcast
from cli.commands.contract import contract
from cli.commands.cost import cost
from cli.commands.dashboard import dashboard
from cli.commands.deploy import deploy
from cli.commands.doctor import doctor
from cli.commands.load import load
from cli.commands.maintenance import maintenance
from cli.commands.options import PASSWORD_NOTE
from cli.commands.redrive import redrive
from cli.commands.reminders import reminders
from cli.commands.run import run
from cli.commands.search import search
from cli.commands.sign_in import sign_in
from cli.commands.watch import watch
from cli.edge import Edge

app = typer.Typer(
    cls=Edge,
    help="Run, deploy and operate Openhouse.",
    epilog="Exit codes: 0 done, 1 failed, 2 called wrongly, 130 interrupted. NO_COLOR=1 does without colours.",
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,  # plain text, for pipes and screen readers too
    pretty_exceptions_enable=False,  # a traceback is a fault of ours, and is to be copied as it is
    add_completion=False,
)
app.command()(run)
app.command(epilog=PASSWORD_NOTE)(watch)
app.command(epilog=PASSWORD_NOTE)(load)
app.command(epilog=PASSWORD_NOTE)(sign_in)
app.add_typer(brokerage.app, name="brokerage", epilog=brokerage.PASSWORDS_NOTE)
app.command()(broadcast)
app.command()(maintenance)
app.command()(redrive)
app.command()(search)
app.command()(reminders)
app.command()(doctor)
app.command()(cost)
app.command()(dashboard)
app.command(context_settings={"ignore_unknown_options": True})(deploy)
app.command()(contract)


def main() -> NoReturn:
    """Ends the process."""
    app(prog_name="openhouse")
    raise AssertionError  # the edge has ended it
