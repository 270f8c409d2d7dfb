"""The command line `openhouse`: which commands there are."""

from __future__ import annotations

import os
from typing import NoReturn

import typer

from cli.commands import brokerage, operating, restore
from cli.commands.broadcast import broadcast
from cli.commands.contract import contract
from cli.commands.cost import cost
from cli.commands.dashboard import dashboard
from cli.commands.deploy import deploy
from cli.commands.doctor import doctor
from cli.commands.examples import example
from cli.commands.explain import explain
from cli.commands.export import export
from cli.commands.load import load
from cli.commands.maintenance import maintenance
from cli.commands.migrate import migrate
from cli.commands.options import PASSWORD_NOTE
from cli.commands.pipeline import pipeline
from cli.commands.quotas import quotas
from cli.commands.redrive import redrive
from cli.commands.reminders import reminders
from cli.commands.run import run
from cli.commands.search import search
from cli.commands.sign_in import sign_in
from cli.commands.token_secret import token_secret
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
app.command(epilog=example("run"))(run)
app.command(epilog=example("watch", PASSWORD_NOTE))(watch)
app.command(epilog=example("load", PASSWORD_NOTE))(load)
app.command(epilog=example("sign-in", PASSWORD_NOTE))(sign_in)
app.add_typer(brokerage.app, name="brokerage", epilog=brokerage.PASSWORDS_NOTE)
app.command(epilog=example("explain"))(explain)
app.command(epilog=example("rooms"))(operating.rooms)
app.command(epilog=example("connections"))(operating.connections)
app.command(epilog=example("replay"))(operating.replay)
app.command(epilog=example("revoke"))(operating.revoke)
app.command(epilog=example("broadcast"))(broadcast)
app.command(epilog=example("maintenance"))(maintenance)
app.command(epilog=example("redrive"))(redrive)
app.command(epilog=example("search"))(search)
app.command(epilog=example("reminders"))(reminders)
app.command(epilog=example("migrate"))(migrate)
app.command(epilog=example("doctor"))(doctor)
app.command(epilog=example("export"))(export)
app.add_typer(restore.app, name="restore")
app.command(epilog=example("cost"))(cost)
app.command(epilog=example("dashboard"))(dashboard)
app.command(epilog=example("deploy"), context_settings={"ignore_unknown_options": True})(deploy)
app.command(epilog=example("pipeline"), context_settings={"ignore_unknown_options": True})(pipeline)
app.command(epilog=example("quotas"))(quotas)
app.command(epilog=example("token-secret"))(token_secret)
app.command(epilog=example("contract"))(contract)


def main() -> NoReturn:
    """Ends the process."""
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")  # what functions log is not for the terminal
    app(prog_name="openhouse")
    raise AssertionError  # the edge has ended it
