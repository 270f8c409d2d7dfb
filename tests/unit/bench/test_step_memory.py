from __future__ import annotations

import sys

import pytest

from bench.step_memory import held, peak_of

MB = 1 << 20


@pytest.mark.skipif(sys.platform != "linux", reason="is read from /proc")
def test_what_a_piece_of_work_takes_is_told_apart_from_what_was_there_before() -> None:
    kept = b"x" * (40 * MB)
    assert held() > 40
    done, mb = peak_of(lambda: len(b"x" * (80 * MB)))
    assert done == 80 * MB
    assert 70 < mb < 110
    assert peak_of(lambda: len(kept))[1] < 10
