from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.options import Emulator


def token_secret(
    name: Annotated[str, typer.Argument(metavar="NAME", help="In Secrets Manager, such as openhouse/tokens.")],
    emulator: Emulator = None,
) -> None:
    """Keep the secret of an issuer in Secrets Manager.

    Of one that signs tokens with HS256; it is asked for.  [env var: OPENHOUSE_TOKEN_SECRET]
    """
    from cli.passwords import token_secret
    from cli.token_secret import keep_token_secret
    from deployed.cloud import Cloud

    keep_token_secret(Cloud.chosen(emulator), name, token_secret("The secret that the issuer signs with"))
