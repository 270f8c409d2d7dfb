"""How each command is called, at the end of its help."""

from __future__ import annotations

_ARGUMENTS = {
    "run": "--aws-like",
    "watch": "--as ava@demo.test",
    "load": "sales.csv --module escrows --as ava@demo.test",
    "sign-in": "ava@demo.test",
    "brokerage found": "harbor Harbor --admin ann@harbor.com --admin-name 'Ann Harbor'",
    "brokerage team": "North --as ann@harbor.com",
    "brokerage user": "ava@harbor.com 'Ava Adams' --role agent --team North --as ann@harbor.com",
    "brokerage remove": "ava@harbor.com --as ann@harbor.com",
    "brokerage show": "--as ann@harbor.com",
    "explain": "'team:north#42' --for ava@harbor.com",
    "rooms": "harbor",
    "connections": "ava@harbor.com",
    "replay": "team:north --after 40 --limit 10",
    "revoke": "ava@harbor.com",
    "broadcast": "'Search is back.' --level success",
    "maintenance": "'We are moving.' --from 2026-03-08T06:00Z --until 2026-03-08T06:30Z",
    "redrive": "--emulator http://127.0.0.1:4566",
    "search": "harbor",
    "reminders": "harbor",
    "doctor": "--json",
    "export": "my-exports --at 2026-03-08T06:00:00Z",
    "restore prepare": "--name again --to 2026-03-08T06:00:00Z",
    "restore finish": "--emulator http://127.0.0.1:4566",
    "migrate": "dumps --brokerage harbor --dry-run",
    "pipeline": "acme/openhouse",
    "quotas": "--ask",
    "token-secret": "openhouse/tokens",
    "cost": "--users 1000 --writes-per-user-hour 20 --hours 8",
    "dashboard": "--emulator http://127.0.0.1:4566",
    "deploy": "--require-approval never",
    "contract": "--check",
}


def example(command: str, note: str = "") -> str:
    """`note`: what else stands at the end."""
    line = f"Example: openhouse {command} {_ARGUMENTS[command]}"
    return f"{line}\n\n{note}" if note else line
