"""`openhouse` as it is called: its help, and what each mistake and each failure ends with."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from typer.testing import CliRunner, Result

from cli.app import app, main
from cli.commands.examples import example
from cli.edge import Edge
from deployed import ROOT
from deployed.terminal import CommandFailed, Interrupted
from openhouse_client.errors import SignInRefused

COMMANDS = (
    *("watch", "load", "sign-in", "brokerage", "broadcast", "maintenance", "redrive", "search", "reminders", "migrate"),
    *("doctor", "export", "restore", "cost", "dashboard", "deploy", "pipeline", "quotas", "token-secret", "run"),
    "contract",
    *("explain", "rooms", "connections", "replay", "revoke"),
)
OF_A_BROKERAGE = ("found", "team", "user", "remove", "show")
UNCHOSEN = {"OPENHOUSE_ENDPOINT": None, "OPENHOUSE_PASSWORD": None}


def called(*arguments: str, **variables: str) -> Result:
    return CliRunner().invoke(app, arguments, prog_name="openhouse", env={**UNCHOSEN, **variables})


def ended(command: Callable[[], object]) -> Result:
    """How a command ends that does this."""
    one = typer.Typer(cls=Edge)
    one.command("redrive")(command)
    one.command("other")(lambda: None)
    return CliRunner().invoke(one, ["redrive"])


def refuse(error: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


def aws_refuses(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeStacks")


@pytest.mark.parametrize(
    "command",
    [[], *([name] for name in COMMANDS), *(["brokerage", name] for name in OF_A_BROKERAGE)],
    ids=lambda command: " ".join(["openhouse", *command]),
)
def test_every_command_explains_itself(command: list[str]):
    explained = called(*command, "--help")
    assert explained.exit_code == 0
    assert explained.stdout.startswith(f"Usage: {' '.join(['openhouse', *command])} ")
    assert explained.stderr == ""
    assert command in ([], ["brokerage"], ["restore"]) or f"Example: openhouse {' '.join(command)}" in explained.stdout
    assert max(map(len, explained.stdout.splitlines())) <= 80
    assert called(*command, "-h").stdout == explained.stdout


@pytest.mark.parametrize(
    "command", [[], ["brokerage"], ["restore"]], ids=lambda command: " ".join(["openhouse", *command])
)
def test_a_list_of_commands_says_of_each_all_it_has_to(command: list[str]):
    assert "..." not in called(*command, "--help").stdout.partition("Commands:")[2]


def test_the_help_of_all_names_each_command():
    listed = called("--help").stdout
    assert all(f"\n  {name} " in listed for name in COMMANDS)


@pytest.mark.parametrize(
    "command",
    [
        *([name] for name in COMMANDS if name not in ("brokerage", "restore")),
        *(["brokerage", name] for name in OF_A_BROKERAGE),
        *(["restore", name] for name in ("prepare", "finish")),
    ],
    ids=" ".join,
)
def test_every_example_is_a_call_that_the_command_takes(command: list[str]):
    line = example(" ".join(command)).removeprefix(f"Example: openhouse {' '.join(command)}")
    found: Any = typer.main.get_command(app)
    for name in command:
        found = found.commands[name]
    found.make_context(command[-1], shlex.split(line))  # which only reads it


@pytest.mark.parametrize("command", ["watch", "load", "sign-in"])
def test_help_names_the_variables_that_a_command_reads(command: str):
    explained = " ".join(called(command, "--help").stdout.split())
    assert "[env var: OPENHOUSE_ENDPOINT; default: http://localhost:8080/config.json]" in explained
    assert "[env vars: OPENHOUSE_PASSWORD, OPENHOUSE_CODE]" in explained


def test_no_command_takes_a_password_as_an_argument():
    for command in COMMANDS:
        assert "--password" not in called(command, "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Missing command. See `openhouse --help`."),
        (["lod"], "No such command 'lod'. Did you mean 'load'? See `openhouse --help`."),
        (["brokerage", "foud"], "No such command 'foud'. Did you mean 'found'? See `openhouse brokerage --help`."),
        (["watch"], "Missing option '--as'. See `openhouse watch --help`."),
        (["sign-in"], "Missing argument 'EMAIL'. See `openhouse sign-in --help`."),
        (["--fast"], "No such option: --fast. See `openhouse --help`."),
        (["contract", "\x1b[2J"], "Got unexpected extra argument(s) (\\x1b[2J). See `openhouse contract --help`."),
        (
            ["load", "a.csv", "--module", "boats", "--as", "ava@demo.test"],
            (
                "Invalid value for '--module': 'boats' is not one of escrows, listings, clients, appointments, leads. "
                "See `openhouse load --help`."
            ),
        ),
        (
            ["load", "a.csv", "--module", "escrows", "--as", "ava@demo.test", "--map", "street"],
            "Invalid value for '--map': 'street' is not COLUMN=FIELD. See `openhouse load --help`.",
        ),
        (
            ["run", "--port", "9000", "--emulator-port", "9000"],
            (
                "Invalid value for '--port' and '--emulator-port': both are 9000, and have to differ. "
                "See `openhouse run --help`."
            ),
        ),
    ],
    ids=lambda value: " ".join(value).replace("\x1b", "ESC") if isinstance(value, list) else "",
)
def test_a_wrong_call_is_told_in_one_sentence_and_ends_with_2(arguments: list[str], sentence: str):
    refused = called(*arguments)
    assert (refused.exit_code, refused.stdout, refused.stderr) == (2, "", sentence + "\n")


@pytest.mark.parametrize("port", ["80", "65536", "web", "-1"])
def test_what_is_no_port_for_us_is_refused(port: str):
    refused = called("run", f"--port={port}")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("Invalid value for '--port': ")
    assert refused.stderr.count("\n") == 1


def test_an_unknown_role_is_refused_at_once():
    refused = called("brokerage", "user", "ava@demo.test", "Ava", "--role", "owner", "--as", "admin@demo.test")
    assert refused.exit_code == 2
    assert "'owner' is not one of 'agent', 'lead', 'broker', 'admin'" in refused.stderr


@pytest.mark.parametrize("endpoint", ["localhost:8080", "http://", "nowhere", "", "\x1b[2J"])
def test_an_endpoint_where_nothing_is_fails_in_one_sentence(endpoint: str):
    failed = called("sign-in", "ava@demo.test", "--endpoint", endpoint)
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert failed.stderr.startswith("Found no Openhouse at ")
    assert failed.stderr.endswith("is `make run` up?\n")
    assert "\x1b" not in failed.stderr


def test_the_endpoint_comes_from_the_environment_too():
    assert "at nowhere (" in called("watch", "--as", "ava@demo.test", OPENHOUSE_ENDPOINT="nowhere").stderr


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (CommandFailed("Port 8080 is busy."), 1, "Port 8080 is busy."),
        (CommandFailed("It ends with:\n  \x1b[2Jlast"), 1, "It ends with:\n  \N{REPLACEMENT CHARACTER}[2Jlast"),
        (SignInRefused("Incorrect username or password."), 1, "Incorrect username or password."),
        (aws_refuses("AccessDenied", "You may [not]."), 1, "AWS refused DescribeStacks: You may [not]."),
        (
            EndpointConnectionError(endpoint_url="http://x"),
            1,
            (
                "AWS cannot be reached or its configuration is incomplete: "
                'Could not connect to the endpoint URL: "http://x"'
            ),
        ),
        (
            NoCredentialsError(),
            1,
            (
                "No AWS credentials are found. Choose a profile that works (AWS_PROFILE=name), sign in "
                "(`aws sso login`), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            ),
        ),
        (KeyboardInterrupt(), 130, "Interrupted."),
        (typer.Abort(), 130, "Interrupted."),
        (Interrupted("Stopped. Run it again."), 130, "Stopped. Run it again."),
    ],
    ids=[
        "a failure",
        "hostile words",
        "the client",
        "AWS",
        "no connection",
        "no credentials",
        "Ctrl-C",
        "Ctrl-C at a question",
        "with advice",
    ],
)
def test_a_failure_is_one_sentence_and_its_code(error: BaseException, code: int, sentence: str):
    failed = ended(refuse(error))
    assert (failed.exit_code, failed.stdout, failed.stderr) == (code, "", sentence + "\n")


def test_a_command_that_has_done_its_work_ends_with_0_and_one_that_says_otherwise_with_that():
    assert ended(lambda: None).exit_code == 0
    assert ended(refuse(typer.Exit(1))).exit_code == 1


def test_a_fault_of_ours_is_not_hidden():
    fault = ZeroDivisionError("ours")
    assert ended(refuse(fault)).exception is fault


def test_options_of_the_cdk_are_no_mistake():
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_REGION": "eu-west-1"}
    nowhere |= {"AWS_EC2_METADATA_DISABLED": "true"}
    variables = dict.fromkeys((name for name in os.environ if name.startswith("AWS_")), None) | nowhere
    failed = CliRunner().invoke(app, ["deploy", "--require-approval", "never", "-c", "a=b"], env=variables)
    assert failed.exit_code == 1
    assert failed.stderr.splitlines()[-1].startswith("No AWS credentials are found. ")


def test_a_name_in_a_script_that_the_terminal_cannot_show_ends_no_command(tmp_path: Path):
    table = tmp_path / "sales.csv"
    table.write_text("street,名\n1 A St,x\n")
    command = ["load", str(table), "--module", "escrows", "--as", "ava@demo.test", "--endpoint", "nowhere"]
    ran = subprocess.run(
        [sys.executable, "-m", "cli", *command],
        cwd=ROOT,
        env={"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == "Columns: street -> propertyAddress\nIgnored: \\u540d\n"
    assert ran.stderr.startswith("Found no Openhouse at nowhere")


def test_a_password_that_nobody_can_be_asked_for_is_a_failure():
    script = "from cli.passwords import password_of; password_of('kim@example.com')"
    asked = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": ""},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,  # without a terminal to ask at
        check=False,
    )
    assert asked.stderr.splitlines()[-1] == (
        "deployed.terminal.CommandFailed: Cannot ask: there is no terminal to ask at, "
        "and OPENHOUSE_PASSWORD is not set."
    )


def test_help_waits_for_none_of_the_large_libraries():
    script = "import sys, cli.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"boto3", "botocore", "pydantic", "httpx", "websockets", "rich"} & set(loaded.stdout.split())


def test_it_is_installed_where_make_puts_the_tools_and_runs_from_any_folder(tmp_path: Path):
    openhouse = Path(sys.executable).with_name("openhouse")
    ran = subprocess.run([openhouse, "lod"], cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "No such command 'lod'. Did you mean 'load'? See `openhouse --help`.\n"


def test_what_functions_log_stays_off_the_terminal(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "")
    monkeypatch.delenv("POWERTOOLS_LOG_LEVEL")
    seen: list[str | None] = []
    monkeypatch.setattr("cli.app.app", lambda **_: seen.append(os.environ.get("POWERTOOLS_LOG_LEVEL")))
    with pytest.raises(AssertionError):
        main()
    assert seen == ["WARNING"]
