"""Options that several commands have, and what their help says of passwords."""

from __future__ import annotations

from typing import Annotated

import typer

from local import PAGE_PORT

LOCAL_CONFIG = f"http://localhost:{PAGE_PORT}/config.json"
PASSWORD_NOTE = (
    "The password is that of the demo people for them; for others it is asked for, and so is the code of an "  # noqa: S105
    "authenticator app if they have set one up.  [env vars: OPENHOUSE_PASSWORD, OPENHOUSE_CODE]"
)

As = Annotated[str, typer.Option("--as", metavar="EMAIL", help="Who signs in, such as ava@demo.test.")]
Endpoint = Annotated[
    str, typer.Option(metavar="URL", envvar="OPENHOUSE_ENDPOINT", help="Where config.json of the deployment is.")
]
Emulator = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Such as http://127.0.0.1:4566, that of `make run`; without it, AWS."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of lines.")]
