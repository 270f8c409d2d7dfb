from __future__ import annotations

from cli.commands.options import LOCAL_CONFIG, As, Endpoint


def watch(email: As, endpoint: Endpoint = LOCAL_CONFIG) -> None:
    """Show each commit that someone can see, as it arrives.

    Time, delay until now, room and number, who, what. Ctrl-C ends.
    """
    from cli.passwords import password_of
    from cli.watch import watch_until_stopped
    from deployed.endpoints import Endpoints

    watch_until_stopped(Endpoints.fetch(endpoint), email, password_of(email))
