from __future__ import annotations

import pytest

from openhouse.settings import AuthorizerSettings, Settings, SocketApiSettings, SocketSettings, TableSettings

SOCKETS = SocketSettings(table_name="t", websocket_api_id="a1", websocket_stage="live")


def test_what_infra_writes_the_function_reads_back() -> None:
    settings = AuthorizerSettings(
        table_name="t", token_issuer="https://i", token_audience="a", token_algorithms=("ES256",), trust_claims=True
    )
    assert AuthorizerSettings.load(settings.environment()) == settings
    messages = SocketApiSettings(table_name="t", websocket_api_id="a1", websocket_stage="live", brokerage_shards=16)
    assert SocketApiSettings.load(messages.environment()) == messages


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(KeyError, match="TABLE_NAME"):
        TableSettings.load({})


def test_the_runtimes_own_variables_are_not_infras_to_set() -> None:
    assert Settings().environment() == {}


def test_addresses_are_aws_own_unless_an_emulator_is_there() -> None:
    assert SOCKETS.callback_url == "https://a1.execute-api.us-east-1.amazonaws.com/live"
    assert SOCKETS.socket_url == "wss://a1.execute-api.us-east-1.amazonaws.com/live"
    china = SocketSettings(
        table_name="t",
        websocket_api_id="a1",
        websocket_stage="live",
        aws_region="cn-north-1",
        url_suffix="amazonaws.com.cn",
    )
    assert china.callback_url == "https://a1.execute-api.cn-north-1.amazonaws.com.cn/live"
    local = SocketSettings(
        table_name="t", websocket_api_id="a1", websocket_stage="live", aws_endpoint_url="http://127.0.0.1:4566"
    )
    assert local.callback_url == "http://127.0.0.1:4566/_aws/execute-api/a1/live"
    assert local.socket_url == "ws://127.0.0.1:4566/_aws/execute-api/a1/live"


def test_a_pools_keys_are_read_where_they_can_be_reached() -> None:
    def at(jwks_url: str, endpoint: str) -> str:
        return AuthorizerSettings(
            table_name="t", token_issuer="i", token_audience="a", jwks_url=jwks_url, aws_endpoint_url=endpoint
        ).reachable_jwks_url

    pool = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_p/.well-known/jwks.json"
    assert at(pool, "") == pool
    assert at(pool, "http://127.0.0.1:4566") == "http://127.0.0.1:4566/us-east-1_p/.well-known/jwks.json"
    china = "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_p/.well-known/jwks.json"
    assert at(china, "http://127.0.0.1:4566") == "http://127.0.0.1:4566/cn-north-1_p/.well-known/jwks.json"
    assert at("https://id.test/keys", "http://127.0.0.1:4566") == "https://id.test/keys"
