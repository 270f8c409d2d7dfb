"""Passwords and one-time codes come from the environment or the terminal, never from arguments.

Those show in the list of processes.
"""

from __future__ import annotations

import getpass
import os
import warnings

from deployed.sign_in import DEMO_PASSWORD
from deployed.terminal import CommandFailed, printable

_DEMO = "@demo.test"


def password_of(email: str) -> str:
    """Of somebody who signs in."""
    if password := os.environ.get("OPENHOUSE_PASSWORD"):
        return password
    return DEMO_PASSWORD if email.casefold().endswith(_DEMO) else _asked("OPENHOUSE_PASSWORD", f"Password of {email}")


def code_of(email: str) -> str:
    """Of the authenticator app of somebody who signs in."""
    return os.environ.get("OPENHOUSE_CODE") or _asked("OPENHOUSE_CODE", f"Code of {email}'s authenticator app")


def new_password(prompt: str) -> str:
    """For a login that is to be created."""
    return os.environ.get("OPENHOUSE_NEW_PASSWORD") or _asked("OPENHOUSE_NEW_PASSWORD", prompt)


def token_secret(prompt: str) -> str:
    """That an issuer signs with."""
    return os.environ.get("OPENHOUSE_TOKEN_SECRET") or _asked("OPENHOUSE_TOKEN_SECRET", prompt)


def _asked(variable: str, prompt: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would show what is typed
            return getpass.getpass(f"{printable(prompt)}: ")
    except (EOFError, getpass.GetPassWarning) as error:
        raise CommandFailed(f"Cannot ask: there is no terminal to ask at, and {variable} is not set.") from error
