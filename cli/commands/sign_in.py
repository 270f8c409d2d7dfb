from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import LOCAL_CONFIG, Endpoint


def sign_in(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Such as ava@demo.test.")],
    endpoint: Endpoint = LOCAL_CONFIG,
) -> None:
    """Print an ID token, for use with curl."""
    from cli.passwords import code_of, password_of
    from deployed.endpoints import Endpoints
    from deployed.sign_in import sign_in
    from deployed.terminal import say

    say(sign_in(Endpoints.fetch(endpoint), email, password_of(email), code=code_of).token)
