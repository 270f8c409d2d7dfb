from bench.plot import draw

PLACES = {"first": 1.0, "median": 2.0, "last": 3.0}
RATES = {"ours": 80_000.0, "boto3, 1 threads": 1_000.0, "wrk": 160_000.0}
ROOM = {
    "members": 10,
    "posts": 10,
    "rowUnits": 16,
    "readUnits": 6,
    "looks": 2,
    "writeUnits": 12,
    "budget": 0,
    "messages": 16,
    "writeMs": 1.5,
    "deliverMs": 2.5,
}
RESULTS = {
    "sockets": {"rows": [{"sockets": 20, "ours": PLACES, "socket.io": PLACES}]},
    "posting": {"http": RATES, "https": RATES},
    "rooms": {"rows": [ROOM, {**ROOM, "members": 10_000}]},
}


def text_of(results, tmp_path):
    draw(results, "this machine, today", tmp_path / "new" / "charts.svg")
    return (tmp_path / "new" / "charts.svg").read_text()


def test_the_charts_say_where_they_were_measured_and_need_nothing_from_elsewhere(tmp_path):
    text = text_of(RESULTS, tmp_path)
    assert "this machine, today" in text
    assert "Socket.IO: one process" in text
    assert "wrk" in text
    assert 'href="http' not in text


def test_without_wrk_there_is_no_bar_of_it(tmp_path):
    rates = {"ours": 80_000.0, "boto3, 1 threads": 1_000.0}
    assert "wrk" not in text_of({**RESULTS, "posting": {"http": rates, "https": rates}}, tmp_path)
