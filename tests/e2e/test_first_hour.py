"""A stranger's first hour: every command of docs/operations.md, as it stands there and in that order, in an empty
account. The account is the emulator's: where AWS says more than that can, `ONLY_AWS` says what; `ELSEWHERE` names the
tests of what needs more than such an account has.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deployed import ROOT
from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.sign_in import sign_in
from local.emulator import aws_environment, free_port, running_emulator, without_aws
from tests.e2e.conftest import PATIENCE, Caller

DOCUMENT = (ROOT / "docs" / "operations.md").read_text()
PASSWORD = "Openhouse-demo-1"  # in an emulator of this test's own
GITHUB = "https://token.actions.githubusercontent.com"
# What the emulator cannot tell of commands that it runs as well.
ONLY_AWS = {
    ".venv/bin/openhouse quotas": "Service Quotas is not emulated: it is told that they may not be read",
    ".venv/bin/openhouse quotas --ask": "nor asked for: that AWS takes no request is said, and no failure",
    "make deploy": "the emulator has no CloudFront: it is the local target, without the stack of the web app",
    ".venv/bin/openhouse pipeline acme/openhouse": "only GitHub can take the roles; the account knows it before, as "
    "CloudFormation makes no provider here",
}
# What takes more than an account has in its first hour, and which test runs it.
ELSEWHERE = {
    ".venv/bin/openhouse dashboard": "tests/unit/cli/board/test_dashboard.py",  # it draws a local run
    ".venv/bin/openhouse explain team:north#3 --for ben@demo.test": "tests/e2e/test_explain.py",
    ".venv/bin/openhouse replay team:north --after 2": "tests/functional/cli/test_operating.py",
    ".venv/bin/openhouse replay team:north --after 9": "tests/functional/cli/test_operating.py",
    ".venv/bin/pytest tests/e2e/test_deployments.py -s --clients 50": "tests/e2e/test_deployments.py",
    ".venv/bin/openhouse restore prepare --name harbor-restored --to 2026-11-30T01:00:00Z": (
        "tests/e2e/test_deployments.py"
    ),
    ".venv/bin/openhouse restore finish": "tests/e2e/test_deployments.py",
    ".venv/bin/openhouse export my-exports --at 2026-11-30T01:00:00Z": "tests/functional/cli/test_export.py",
}
# Made by `make test` before this runs: they take minutes, and no test makes them anew.
STAMPS = (
    ".venv/.installed",
    "node_modules/.installed",
    "build/.layer-local",
    "build/.layer-aws",
    "build/web/index.html",
)
DUMPS = {
    "teams": "id,name\n1,West\n",
    "users": "id,email,first_name,last_name,role,team_id\n7,wes@example.com,Wes,Wood,agent,1\n",
    "clients": "id,first_name,last_name,email,owner_id\n70,Zoë,Hart,zoe@example.com,7\n",
    "escrows": "id,property_address,purchase_price,client_ids,owner_id\n90,1 Elm St,250000,{70},7\n",
}


def commands() -> list[str]:
    """Whole blocks of `sh`, and what stands behind a prompt where the answer is shown, too; without `ELSEWHERE`."""
    return [line for line in _commands() if line not in ELSEWHERE]


def _commands() -> list[str]:
    found: list[str] = []
    for language, block in re.findall(r"^```(sh|console)\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE):
        lines = block.splitlines()
        found += lines if language == "sh" else [line[2:] for line in lines if line.startswith("$ ")]
    return [line for line in found if line.strip()]


@dataclass(frozen=True)
class Ran:
    status: int
    said: str


class FirstHour:
    """Commands are run when they are asked about, each after those before it."""

    def __init__(self, cloud: Cloud, environment: dict[str, str]) -> None:
        self.cloud = cloud
        self._environment = environment
        self._ran: list[Ran] = []

    def ran(self, place: int) -> Ran:
        while len(self._ran) <= place:
            self._ran.append(_run(commands()[len(self._ran)], self._environment))
        return self._ran[place]

    def said(self, command: str) -> str:
        """By the first of the commands that holds this."""
        return self.ran(next(place for place, each in enumerate(commands()) if command in each)).said


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstHour]:
    home, port = tmp_path_factory.mktemp("home"), free_port()
    _put_dumps(home / "dumps")
    with running_emulator(port) as emulator:
        cloud = Cloud.emulated(emulator.url)
        cloud.roles().create_open_id_connect_provider(Url=GITHUB, ClientIDList=["sts.amazonaws.com"])
        environment = {
            **without_aws(os.environ),
            **aws_environment(port),
            "PATH": os.pathsep.join(
                [_make_of_what_is_made(home), str(Path(sys.executable).parent), os.environ["PATH"]]
            ),
            "PYTHONPATH": os.pathsep.join([".", "layers/openhouse/python", "clients/python/src"]),
            "HOME": str(home),
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),  # CDK unpacks itself there
            "OPENHOUSE_PASSWORD": PASSWORD,
            "OPENHOUSE_NEW_PASSWORD": PASSWORD,
            "OPENHOUSE_TOKEN_SECRET": "0123456789" * 4,
            # What a person is asked at the terminal, and the target that runs on this machine's processor.
            "DEPLOY_OPTIONS": "--require-approval never --method direct -c target=local",
            "CDK_REQUIRE_APPROVAL": "never",
            "CDK_METHOD": "direct",
        }
        for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
            environment.pop(name, None)  # this is nobody's sub-make
        yield FirstHour(cloud, environment)


def _put_dumps(folder: Path) -> None:
    folder.mkdir()
    for name, content in DUMPS.items():
        (folder / f"{name}.csv").write_text(content)


def _make_of_what_is_made(home: Path) -> str:
    """A folder with a `make` that takes the stamps for new."""
    make = home / "bin" / "make"
    make.parent.mkdir()
    real = shutil.which("make")
    make.write_text(f'#!/bin/sh\nexec {real} {" ".join(f"-o {stamp}" for stamp in STAMPS)} "$@"\n')
    make.chmod(make.stat().st_mode | stat.S_IXUSR)
    return str(make.parent)


def _run(command: str, environment: dict[str, str]) -> Ran:
    ran = subprocess.run(
        ["sh", "-c", command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=5 * PATIENCE,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout)


@pytest.mark.parametrize("place", range(len(commands())), ids=lambda place: f"{place + 1} {commands()[place]}")
def test_each_command_of_the_runbook_does_what_it_says(hour: FirstHour, place: int):
    assert hour.ran(place).status == 0, hour.ran(place).said


def test_the_runbook_goes_from_quotas_to_people_who_sign_in_and_exceptions_are_commands_of_it():
    found = commands()
    order = ["quotas", "make deploy", "make smoke", "brokerage found", "brokerage user", "migrate"]
    places = [next(place for place, command in enumerate(found) if part in command) for part in order]
    assert places == sorted(places)
    assert ONLY_AWS.keys() <= {*found}
    assert ELSEWHERE.keys() <= {*_commands()}
    assert all((ROOT / path).is_file() for path in ELSEWHERE.values())


def test_after_it_a_team_signs_in_and_sees_its_own_and_what_was_moved(hour: FirstHour):
    assert hour.ran(len(commands()) - 1).status == 0
    endpoints = Deployment.read(hour.cloud.cloudformation(), hour.cloud.emulator_url).endpoints
    session = sign_in(endpoints, "ava@example.com", PASSWORD)
    ava = Caller(endpoints.http_url, session.token, session.user_id)
    me = ava("GET", "/me").json()
    assert (me["email"], me["brokerageId"], len(me["teamIds"])) == ("ava@example.com", "harbor", 1)
    assert ava.create()["ownerId"] == session.user_id
    admin = Caller(endpoints.http_url, sign_in(endpoints, "you@example.com", PASSWORD).token)
    directory = admin("GET", "/directory").json()
    assert {user["email"] for user in directory["users"]} == {"you@example.com", "ava@example.com", "wes@example.com"}
    assert {team["name"] for team in directory["teams"]} == {"North", "West"}


def test_what_was_printed_names_addresses_and_roles_to_go_on_with(hour: FirstHour):
    assert "Openhouse is deployed." in hour.said("make deploy")
    assert "checks passed" in hour.said("make smoke")
    assert "OPENHOUSE_DEPLOY_ROLE  arn:aws:iam::" in hour.said("openhouse pipeline")
    assert '"hs256SecretArn": "arn:aws:secretsmanager:' in hour.said("openhouse token-secret")
    dry, moved = (place for place, command in enumerate(commands()) if "openhouse migrate" in command)
    assert "This was a dry run: nothing is written." in hour.ran(dry).said
    assert "Counted anew: all that was to be moved is here." in hour.ran(moved).said
