from bench.posting import report

RATES = {"ours": 80_000.0, "boto3, 1 threads": 1_000.0, "boto3, 8 threads": 1_600.0, "wrk": 160_000.0}
CPU = {"ours": 9.0, "boto3, 1 threads": 900.0, "boto3, 8 threads": 950.0, "wrk": 1.25}
RESULT = {
    "turns": 5,
    "http CPU": CPU,
    "https CPU": CPU,
    "http": RATES,
    "https": {**RATES, "ours": 40_000.0},
    "bytesASocket": 12.3,
}


def test_the_goals_are_met_or_missed_by_the_best_of_boto3_and_by_wrk():
    lines = report(RESULT).splitlines()
    assert "Goal, http: 40x boto3's best: 50x, met." in lines
    assert "Goal, http: 0.5x wrk: 0.50x, met." in lines
    assert "Goal, http: a post for 1/20 of boto3's CPU: 1/100, met." in lines
    assert "Goal, https: 40x boto3's best: 25x, missed." in lines
    assert "Goal, https: 0.5x wrk: 0.25x, missed." in lines
    assert ["http:", "boto3,", "8", "threads", "1,600", "50.0x", "950.0"] in [line.split() for line in lines]


def test_without_wrk_it_says_why_there_is_none():
    without = {name: rate for name, rate in RATES.items() if name != "wrk"}
    text = report({**RESULT, "http": without, "https": without, "missing": "there is no wrk here: install wrk"})
    assert [*map(str.split, text.splitlines())].count(["http:", "wrk", "not", "measured"]) == 1
    assert "wrk was not measured: there is no wrk here: install wrk." in text
    assert "0.5x" not in text
