from bench.breaks import losses
from bench.sockets import report

BREAKS = {"clients": 4, "sent": 3, "broken": 5.0, "kinds": {"ours": losses([[1, 2, 3]] * 4, [1, 2, 3])}}


def test_the_report_says_in_how_many_rows_socket_io_is_faster():
    rows = [
        {
            "sockets": 1_000,
            "bytes": 600,
            "ours": {"first": 10.0, "median": 40.0, "last": 60.0},
            "socket.io": {"first": 0.5, "median": 30.0, "last": 66.0},
        }
    ]
    text = report({"version": "4.8.4", "broadcasts": 30, "rows": rows, "breaks": BREAKS})
    assert ["1,000", "sockets:", "first", "10.0", "0.5", "20.0x"] in [line.split() for line in text.splitlines()]
    assert "Socket.IO is faster in 2 of 3 rows" in text


def test_what_was_lost_is_counted_by_halves_and_repeats_are_no_loss():
    assert losses([[1, 2, 3], [1, 3, 3], [1], [3, 2, 1]], [1, 2, 3]) == {
        "steady": 1,
        "cut": 2,
        "worst": 2,
        "twice": 1,
    }
