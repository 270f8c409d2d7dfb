from __future__ import annotations

import pytest

from deployed.endpoints import Deployment, Endpoints
from deployed.terminal import CommandFailed
from tests.unit.deployed.examples import EMULATED, ON_AWS, OUTPUTS


def test_on_aws_the_addresses_are_those_of_the_outputs():
    assert ON_AWS.endpoints.http_url == OUTPUTS["HttpUrl"]
    assert ON_AWS.socket_url == OUTPUTS["WebSocketUrl"]
    assert ON_AWS.endpoints.cognito_url == OUTPUTS["CognitoUrl"]


def test_in_the_emulator_the_apis_are_paths_under_its_own_address():
    assert EMULATED.endpoints.http_url == "http://127.0.0.1:4566/_aws/execute-api/http1/$default"
    assert EMULATED.endpoints.ticket_url == EMULATED.endpoints.http_url + "/realtime/tickets"
    assert EMULATED.socket_url == "ws://127.0.0.1:4566/_aws/execute-api/ws1/live"
    assert EMULATED.endpoints.cognito_url == "http://127.0.0.1:4566"


def test_missing_outputs_are_named():
    outputs = {name: value for name, value in OUTPUTS.items() if name not in {"ClientId", "HttpUrl"}}
    with pytest.raises(CommandFailed, match="ClientId, HttpUrl"):
        Deployment.from_outputs(outputs)


def test_config_json_is_read_back_as_the_same_endpoints():
    assert Endpoints.from_config(ON_AWS.endpoints.config()) == ON_AWS.endpoints


def test_config_json_has_the_keys_that_clients_rely_on():
    config = ON_AWS.endpoints.config()
    assert set(config) == {"httpUrl", "ticketUrl", "region", "userPoolId", "clientId", "cognitoUrl"}
