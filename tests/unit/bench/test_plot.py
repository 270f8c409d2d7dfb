from bench.plot import charts

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


def test_each_benchmark_that_was_run_has_its_own_chart_which_needs_nothing_from_elsewhere():
    drawn = charts(RESULTS)
    assert set(drawn) == set(RESULTS)
    assert "Socket.IO: one process" in drawn["sockets"]
    assert "wrk" in drawn["posting"]
    for svg in drawn.values():
        assert svg.startswith("<svg")
        assert 'href="http' not in svg


def test_charts_take_their_colours_from_the_page():
    for svg in charts(RESULTS).values():
        assert "var(--accent)" in svg
        assert "var(--text)" in svg
        assert "#0" not in svg


def test_without_wrk_there_is_no_bar_of_it():
    rates = {"ours": 80_000.0, "boto3, 1 threads": 1_000.0}
    assert "wrk" not in charts({"posting": {"http": rates, "https": rates}})["posting"]
