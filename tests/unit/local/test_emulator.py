from __future__ import annotations

import os

from local.emulator import emulator_environment, without_aws

OF_THE_PERSON = {
    "PATH": "/usr/bin",
    "HOME": "/home/kim",
    "PYTHONPATH": "layers/openhouse/python",
    "AWS_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "AKIAREAL",
    "AWS_SESSION_TOKEN": "real",
    "SECRET_OF_ANOTHER_TOOL": "x",
}


def test_the_functions_find_the_shared_package_in_their_layer_only():
    assert "PYTHONPATH" not in emulator_environment(4566, OF_THE_PERSON)


def test_the_functions_inherit_nothing_that_leads_to_a_real_account():
    environment = emulator_environment(4566, OF_THE_PERSON)
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "SECRET_OF_ANOTHER_TOOL"} & environment.keys()
    assert environment["AWS_ACCESS_KEY_ID"] == "test"
    assert environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"


def test_the_emulator_listens_on_loopback_only():
    environment = emulator_environment(4566, OF_THE_PERSON)
    assert (environment["BIND_HOST"], environment["GATEWAY_PORT"]) == ("127.0.0.1", "4566")


def test_two_emulators_share_no_directory():
    ours, theirs = emulator_environment(4566, {}), emulator_environment(4567, {})
    assert ours["TMPDIR"] != theirs["TMPDIR"]
    assert ours["DOCKER_HOST"] != theirs["DOCKER_HOST"]


def test_the_deployment_keeps_the_persons_settings_but_those_for_aws():
    assert without_aws(OF_THE_PERSON) == {
        name: value for name, value in OF_THE_PERSON.items() if not name.startswith("AWS_")
    }
