from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122, UUID

from openhouse.core import clock, ids

MOMENT = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)  # the example of RFC 9562, appendix A.6


def test_an_id_is_a_uuid_of_version_7_as_in_the_rfc() -> None:
    # rand_a = CC3, rand_b = 18C4DC0C0C07398F: twelve and sixty-two of eighty random bits
    noise = (0xCC3 << 68 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    made = UUID(ids.uuid7(MOMENT, lambda _size: noise))
    assert str(made) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    assert (made.version, made.variant) == (7, RFC_4122)


def test_ids_sort_by_time() -> None:
    made = [ids.uuid7(MOMENT + timedelta(milliseconds=number)) for number in range(50)]
    assert made == sorted(made)


def test_secrets_differ_and_are_long() -> None:
    assert len({ids.token() for _ in range(50)}) == 50
    assert len(ids.token()) == 64


def test_moments_are_written_in_utc_with_milliseconds() -> None:
    local = datetime(2026, 3, 2, 14, 0, 0, 123_999, tzinfo=timezone(timedelta(hours=2)))
    assert clock.to_wire(local) == "2026-03-02T12:00:00.123Z"
    assert clock.from_seconds(clock.seconds(MOMENT)) == MOMENT
