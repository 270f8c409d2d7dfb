"""Where every command ends: whatever went wrong becomes one plain sentence on stderr, and an exit code.

Only a fault of our own is a traceback.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from io import TextIOWrapper
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

FAILED, MISUSED, INTERRUPTED = 1, 2, 130


class Edge(TyperGroup):
    """The outermost group of commands."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002 - typer would print failures in its own way
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # a name in Chinese must not end a command
        sys.exit(
            ending(
                partial(
                    super().main,
                    args,
                    prog_name,
                    complete_var,
                    standalone_mode=False,
                    windows_expand_args=windows_expand_args,
                    **extra,
                )
            )
        )


def ending(run: Callable[[], object]) -> int:
    """The exit code of a command, after saying what is to be said of its end."""
    try:
        status = run()
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    except typer.TyperException as misuse:
        _say(_usage(misuse))
        return misuse.exit_code
    except Exception as error:
        return _failed(error)
    if status == INTERRUPTED:  # also typer's word for Ctrl-C
        from deployed.terminal import say_stopped

        say_stopped("Interrupted.", error=True)
    return status if isinstance(status, int) else 0


def _failed(error: Exception) -> int:
    from deployed.cloud import aws_failure
    from deployed.terminal import CommandFailed, Interrupted, say_stopped
    from openhouse_client.errors import ClientError

    if isinstance(error, Interrupted):
        say_stopped(str(error), error=True)
        return error.status
    if sentence := str(error) if isinstance(error, CommandFailed | ClientError) else aws_failure(error):
        _say(sentence)
        return FAILED
    raise error


def _usage(misuse: typer.TyperException) -> str:
    sentence = " ".join(misuse.format_message().split()).rstrip(".")
    context = getattr(misuse, "ctx", None)
    mark = "" if sentence.endswith("?") else "."
    return f"{sentence}{mark} See `{context.command_path} --help`." if context else f"{sentence}{mark}"


def _say(sentence: str) -> None:
    from deployed.terminal import say

    say(*sentence.split("\n"), error=True)
