"""The contract of a Gateway, held by the real one against an `@connections` of our own, and by the tests' fake."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bench.api_gateway import api_gateway
from openhouse.delivery import http_channel
from openhouse.delivery.aws_gateway import AwsGateway
from openhouse.delivery.posting_call import TRIES, Limits
from openhouse.delivery.signing import Credentials, Signer
from openhouse.rooms.gateway import Delivery, Frame, Gateway, Outcome, post_one
from tests.fakes import FakeGateway
from tests.functional.connections_api import ConnectionsApi

FRAME = Frame(b"{}")
QUICK: dict[str, Any] = {"connect": 1.0, "call": 10.0}
Maker = Callable[..., AwsGateway]


@pytest.fixture
def api() -> Iterator[ConnectionsApi]:
    with ConnectionsApi().running() as api:
        yield api


def sign_with(credentials: Callable[[], Credentials]) -> Callable[[str], Signer]:
    return lambda host: Signer(service="execute-api", region="us-east-1", host=host, credentials=credentials)


KNOWN = sign_with(lambda: Credentials("key", "secret"))


@pytest.fixture
def gateway_of() -> Iterator[Maker]:
    with ExitStack() as at_the_end:

        def make(endpoint: str, signer: Any = KNOWN, tls: ssl.SSLContext | None = None, **limits: Any) -> AwsGateway:
            made = AwsGateway(endpoint, signer, limits=Limits(**QUICK | limits), jitter=lambda: 0.1, tls=tls)
            at_the_end.callback(made.shutdown)
            return made

        yield make


@pytest.fixture
def gateway(gateway_of: Maker, api: ConnectionsApi) -> AwsGateway:
    return gateway_of(api.endpoint)


def to(*names: str, frames: int = 1, patience: float = 0.3) -> Delivery:
    return Delivery(names, [Frame(b"%d" % number) for number in range(frames)], patience)


# The contract --------------------------------------------------------------------------------------------------------


def fake(_api: ConnectionsApi) -> FakeGateway:
    gateway = FakeGateway()
    gateway.open |= {"open-1", "open=="}
    gateway.outcomes["busy-1"] = Outcome.FAILED
    return gateway


@pytest.mark.parametrize("kind", ["real", "fake"])
def test_every_gateway_tells_delivered_gone_and_failed_apart_and_closes_without_complaint(
    kind: str, api: ConnectionsApi, gateway_of: Maker
) -> None:
    gateway: Gateway = gateway_of(api.endpoint) if kind == "real" else fake(api)
    assert gateway.post([to("open-1", "gone-1"), to("busy-1", "open==")]) == [
        {"gone-1": Outcome.GONE},
        {"busy-1": Outcome.FAILED},
    ]
    assert post_one(gateway, "open-1", [FRAME]) is Outcome.DELIVERED
    assert gateway.post([]) == []
    assert gateway.post([Delivery([], [FRAME]), Delivery(["open-1"], [])]) == [{}, {}]
    gateway.close(["open-1", "gone-1"])
    gateway.close([])


# What becomes of a post ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "outcome", "tries"),
    [
        ("open-1", Outcome.DELIVERED, 1),
        ("ab/c%2F é=", Outcome.DELIVERED, 1),
        ("wordy-1", Outcome.DELIVERED, 1),
        ("chunked-1", Outcome.DELIVERED, 1),
        ("interim-1", Outcome.DELIVERED, 1),
        ("last-1", Outcome.DELIVERED, 1),
        ("flaky-1", Outcome.DELIVERED, 2),
        ("shaky-1", Outcome.DELIVERED, 2),
        ("gone-1", Outcome.GONE, 1),
        ("large-1", Outcome.FAILED, 1),
        ("bad-1", Outcome.FAILED, 1),
        ("moved-1", Outcome.FAILED, 1),
        ("slow-1", Outcome.FAILED, 1),
        ("busy-1", Outcome.FAILED, TRIES),
        ("broken-1", Outcome.FAILED, TRIES),
        ("away-1", Outcome.FAILED, TRIES),
        ("half-1", Outcome.FAILED, TRIES),
        ("garbage-1", Outcome.FAILED, TRIES),
        ("twice-1", Outcome.FAILED, TRIES),
        ("upgrade-1", Outcome.FAILED, TRIES),
    ],
)
def test_whatever_api_gateway_does_a_post_ends_with_the_outcome_that_is_stated_for_it(
    name: str, outcome: Outcome, tries: int, api: ConnectionsApi, gateway: AwsGateway
) -> None:
    (missed,) = gateway.post([to(name, "open-2")])
    assert missed.get(name, Outcome.DELIVERED) is outcome
    assert api.asked[name] == tries
    assert api.received["open-2"] == [b"0"]
    assert gateway.post([to("open-3")]) == [{}]


def test_frames_arrive_as_they_are_in_order_and_a_failure_ends_only_its_own_turn(
    api: ConnectionsApi, gateway: AwsGateway
) -> None:
    frame = Frame('{"commits":[{"by":"Zoë 🏡"}]}'.encode())
    names = [f"open-{number}" for number in range(50)]
    assert gateway.post([Delivery([*names, "gone-1", "flaky-1"], [frame, Frame(b"2"), Frame(b"3")])]) == [
        {"gone-1": Outcome.GONE}
    ]
    assert all(api.received[name] == [frame.body, b"2", b"3"] for name in [*names, "flaky-1"])
    assert api.asked["gone-1"] == 1


def test_slow_sockets_keep_nobody_waiting_but_their_own_connections(api: ConnectionsApi, gateway_of: Maker) -> None:
    gateway = gateway_of(api.endpoint, connections=3)
    names = [f"open-{number}" for number in range(200)]
    assert gateway.post([Delivery(["slow-1", "slow-2", *names], [FRAME], patience=1.0)]) == [
        {"slow-1": Outcome.FAILED, "slow-2": Outcome.FAILED}
    ]
    assert sorted(api.order) == sorted(["slow-1", "slow-2", *names])
    assert api.opened == 3  # the others shared the third


def test_a_small_delivery_takes_turns_with_a_large_one(api: ConnectionsApi, gateway_of: Maker) -> None:
    gateway = gateway_of(api.endpoint, connections=1)
    gateway.post([to(*(f"open-{number}" for number in range(100))), to("team-1", "team-2", "team-3")])
    assert {"team-1", "team-2", "team-3"} <= set(api.order[:6])


def test_when_time_is_over_those_whose_turn_has_not_come_have_failed(api: ConnectionsApi, gateway_of: Maker) -> None:
    gateway = gateway_of(api.endpoint, connections=1, call=0.2)
    assert gateway.post([Delivery(["slow-1", "open-1"], [FRAME], patience=60)]) == [
        {"slow-1": Outcome.FAILED, "open-1": Outcome.FAILED}
    ]
    assert gateway.post([to("open-2")]) == [{}]


def test_closing_asks_for_each_socket_once(api: ConnectionsApi, gateway: AwsGateway) -> None:
    gateway.close(["open-1", "gone-1", "open=="])
    assert sorted(api.closed) == ["gone-1", "open-1", "open=="]


def test_a_connection_that_ends_instead_of_an_answer_is_tried_on_others_then_failed(
    api: ConnectionsApi, gateway: AwsGateway
) -> None:
    assert gateway.post([to("cut-1", "open-1")]) == [{"cut-1": Outcome.FAILED}]
    assert api.asked["cut-1"] in (TRIES, TRIES + 1)  # one that had served before may just have ended: not its fault


# Connections ---------------------------------------------------------------------------------------------------------


def test_connections_are_kept_from_call_to_call_and_never_more_than_allowed(
    api: ConnectionsApi, gateway_of: Maker
) -> None:
    gateway = gateway_of(api.endpoint, connections=4)
    for _ in range(5):
        gateway.post([to(*(f"open-{number}" for number in range(40)))])
    assert (api.opened, api.most_at_once) == (4, 4)


def test_a_socket_alone_opens_one_connection(api: ConnectionsApi, gateway: AwsGateway) -> None:
    for _ in range(5):
        gateway.post([to("open-1")])
    assert api.opened == 1


def test_connections_that_ended_between_two_calls_cost_no_post(api: ConnectionsApi, gateway: AwsGateway) -> None:
    names = [f"open-{number}" for number in range(40)]
    gateway.post([to(*names)])
    api.hang_up()
    assert gateway.post([to(*names)]) == [{}]
    assert all(len(api.received[name]) == 2 for name in names)


def test_a_connection_that_died_unnoticed_costs_its_post_one_more_try_on_another(
    api: ConnectionsApi, gateway: AwsGateway
) -> None:
    names = [f"open-{number}" for number in range(40)]
    gateway.post([to(*names)])
    api.deaf = api.opened
    assert gateway.post([to(*names)]) == [{}]
    assert all(len(api.received[name]) == 2 for name in names)


def test_a_connection_that_lay_idle_for_too_long_is_not_used_again(api: ConnectionsApi, gateway_of: Maker) -> None:
    gateway = gateway_of(api.endpoint, idle=-1.0)
    for _ in range(3):
        gateway.post([to("open-1")])
    assert api.opened == 3


@pytest.mark.parametrize("host", ["127.0.0.1", "nobody.invalid"])
def test_where_no_connection_can_be_opened_everyone_is_unreachable(host: str, gateway_of: Maker) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        gateway = gateway_of(f"http://{host}:{unused.getsockname()[1]}/live", connect=0.5)
        assert gateway.post([to("a", "b"), to("c")]) == [
            {"a": Outcome.UNREACHABLE, "b": Outcome.UNREACHABLE},
            {"c": Outcome.UNREACHABLE},
        ]
        gateway.close(["a"])


def test_connections_that_could_not_be_opened_are_opened_later_while_another_works(
    api: ConnectionsApi, gateway_of: Maker
) -> None:
    gateway = gateway_of(api.endpoint, connections=8)
    open_, tries = gateway._pool.open, iter([True, *[False] * 7])

    def refusing(*arguments: Any, **options: Any) -> Any:
        if next(tries, True):
            return open_(*arguments, **options)
        raise ConnectionRefusedError

    gateway._pool.open = refusing
    assert gateway.post([to(*(f"open-{number}" for number in range(2_000)))]) == [{}]
    assert api.opened > 1


# Credentials ---------------------------------------------------------------------------------------------------------


def test_a_refused_signature_is_renewed_and_nobody_misses_anything(api: ConnectionsApi, gateway_of: Maker) -> None:
    asked: list[str] = []

    def credentials() -> Credentials:
        asked.append("new" if asked else "old")
        return Credentials(asked[-1], "secret")

    gateway = gateway_of(api.endpoint, sign_with(credentials), connections=4)
    api.refuses = "old"
    names = [f"open-{number}" for number in range(40)]
    assert gateway.post([to(*names)]) == [{}]
    assert len(asked) >= 2
    assert all(api.received[name] == [b"0"] for name in names)


def test_a_signature_that_stays_refused_makes_everyone_unreachable_after_a_few_posts(
    api: ConnectionsApi, gateway_of: Maker
) -> None:
    gateway = gateway_of(api.endpoint, connections=4)
    api.refuses = "key"
    (missed,) = gateway.post([to(*(f"open-{number}" for number in range(500)))])
    assert set(missed.values()) == {Outcome.UNREACHABLE}
    assert len(missed) == 500
    assert len(api.order) <= 16


def test_without_credentials_posting_fails_loudly(api: ConnectionsApi, gateway_of: Maker) -> None:
    def none() -> Credentials:
        raise RuntimeError("no credentials")

    gateway = gateway_of(api.endpoint, sign_with(none))
    with pytest.raises(RuntimeError, match="no credentials"):
        gateway.post([to("open-1", "open-2")])


# TLS and memory ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 and its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    encoding = serialization.Encoding.PEM
    path.write_bytes(
        made.public_bytes(encoding)
        + key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def test_over_tls_connections_are_kept_too_and_a_stranger_is_not_trusted(certificate: Path, gateway_of: Maker) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    with ConnectionsApi().running(server) as api:
        gateway = gateway_of(api.endpoint, tls=ssl.create_default_context(cafile=str(certificate)))
        for _ in range(3):
            assert gateway.post([to("open-1", "gone-1")]) == [{"gone-1": Outcome.GONE}]
        assert api.opened == 2
        assert gateway_of(api.endpoint).post([to("open-2")]) == [{"open-2": Outcome.UNREACHABLE}]
        gateway.shutdown()


def test_a_connection_that_ends_as_soon_as_it_is_open_costs_its_post_one_more_try(
    api: ConnectionsApi, gateway: AwsGateway
) -> None:
    api.slams = 1
    assert gateway.post([to("open-1")]) == [{}]
    assert api.received["open-1"] == [b"0"]
    assert api.opened == 2


def test_a_frame_larger_than_a_socket_takes_at_once_arrives_whole(
    api: ConnectionsApi, gateway: AwsGateway, certificate: Path, gateway_of: Maker
) -> None:
    large = [Frame(bytes([letter]) * 5_000_000) for letter in b"ab"]
    assert gateway.post([Delivery(["open-1"], large, patience=20.0)]) == [{}]
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    with ConnectionsApi().running(server) as secure:
        trusting = gateway_of(secure.endpoint, tls=ssl.create_default_context(cafile=str(certificate)))
        assert trusting.post([Delivery(["open-1"], large, patience=20.0)]) == [{}]
        trusting.shutdown()
    for each in (api, secure):
        assert each.received["open-1"] == [frame.body for frame in large]


def test_the_next_address_is_tried_when_one_cannot_be_reached(
    api: ConnectionsApi, gateway: AwsGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody: Any = (socket.AF_INET, unused.getsockname())
        monkeypatch.setattr(
            http_channel, "_resolved", lambda *_: [nobody, nobody, (nobody[0], ("127.0.0.1", api.port))]
        )
        assert gateway.post([to("open-1")]) == [{}]


def test_memory_does_not_grow_with_the_number_of_sockets(gateway_of: Maker) -> None:
    """The server is a process of its own, so that none of its memory is counted."""
    with api_gateway(everyone=True) as api:
        gateway = gateway_of(api.endpoint, connections=4)

        def peak(sockets: int) -> int:
            delivery = Delivery([f"L{number:014x}=" for number in range(sockets)], [Frame(b"x" * 300)])
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            assert gateway.post([delivery]) == [{}]
            return tracemalloc.get_traced_memory()[1] - before

        tracemalloc.start()
        try:
            peak(100)
            few, many = peak(100), peak(5_000)
        finally:
            tracemalloc.stop()
    assert many - few < 10 * 4_900  # bytes; a turn alone takes more
