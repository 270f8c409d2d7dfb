from bench.costs import NOTICE, by_patch, by_refetch, report

SIZE = {"bytes": 900, "record": 2.0, "history": 0.5}


def line(**figures):
    return {
        "function": "crm",
        "operation": "Query",
        "calls": 2,
        "readUnits": 5,
        "writeUnits": 14,
        "written": {},
        **figures,
    }


def row(viewers):
    return {
        "viewers": viewers,
        "patch": [line(written={"head": 2.0}), line(calls=viewers, readUnits=1, writeUnits=0)],
        "refetch": [line(readUnits=30, writeUnits=0)],
        "patchBytes": 500 * viewers,
        "refetchBytes": 90_000,
    }


def test_a_refetch_costs_each_viewer_the_list_on_top_of_the_write_and_its_posts():
    ours, theirs = by_patch(row(3)), by_refetch(row(3), 1)
    assert (ours["each"], ours["all"], ours["calls"], ours["readUnits"]) == (500, 1_500, 2 + 3, 6)
    assert theirs["each"] == 90_000 + len(NOTICE)
    assert theirs["all"] == 3 * theirs["each"]
    assert (theirs["calls"], theirs["readUnits"], theirs["writeUnits"]) == (2 + 3 + 3 * 2, 6 + 3 * 30, 14)


def test_each_copy_of_a_notice_costs_the_list_again_and_a_post_of_its_own():
    once, thrice = by_refetch(row(3), 1), by_refetch(row(3), 3)
    assert thrice["all"] == 3 * once["all"]
    assert thrice["calls"] == 2 + 3 * 3 + 3 * 3 * 2
    assert thrice["readUnits"] == 6 + 9 * 30


def test_the_report_tells_ratios_by_viewers():
    rows = [line.split() for line in report({"records": 50, "rows": [row(1), row(50)], "sizes": [SIZE]}).splitlines()]
    assert ["1", "viewer:", "write", "units", "14", "14", "1.0x", "14", "1.0x"] in rows
    assert ["crm:", "Query", "2", "5", "14"] in rows
    assert ["head", "2"] in rows
    assert ["900", "2", "0.50", "8.50"] in rows
    assert ["50", "viewers:", "read", "units", "6", "1,506", "251.0x", "4,506", "751.0x"] in rows
