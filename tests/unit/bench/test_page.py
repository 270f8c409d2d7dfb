from bench.page import page
from bench.report import table


def test_a_page_holds_a_benchmarks_chart_after_what_it_is_about_and_each_table_as_a_table():
    rows = [["http: ours", "80,000", "40x"], ["http: wrk", "9", ""]]
    text = f"Posts & `more`,\nin two lines.\n\n{table(['', 'posts a second', 'ours is'], rows)}"
    made = page({"machine": "a <machine>"}, {"posting": text}, {"posting": '<svg id="chart"></svg>'})

    assert "<dt>machine</dt><dd>a &lt;machine&gt;</dd>" in made
    assert (
        '<section id="posting"><h2>Posts a second</h2>\n<p>Posts &amp; <code>more</code>, in two lines.</p>\n<figure'
        in made
    )
    assert '<svg id="chart"></svg>' in made
    assert "<thead><tr><th></th><th>posts a second</th><th>ours is</th></tr></thead>" in made
    assert "<tr><td>http: ours</td><td>80,000</td><td>40x</td></tr>" in made
    assert "<tr><td>http: wrk</td><td>9</td><td></td></tr>" in made


def test_goals_stand_out_and_are_counted_where_the_page_begins():
    made = page({}, {"posting": "About.\n\nGoal, http: 1, met.\nGoal, https: 2, missed.", "storm": "About."}, {})

    assert '<li>Goal, http: 1, <span class="met">met</span>.</li>' in made
    assert '<b class="met">1 met</b><b class="missed">1 missed</b>' in made
    assert "no goal" in made


def test_a_bar_of_a_terminal_is_a_bar():
    made = page({}, {"storm": f"About.\n\n{table(['', 'tries', ''], [['0.1 s', '8', '########']])}"}, {})
    assert '<td><i class="bar" style="width:2em"></i></td>' in made


def test_a_row_that_is_part_of_the_one_above_it_is_set_back():
    made = page({}, {"costs": f"About.\n\n{table(['', 'units'], [['crm: write', '12'], ['  head', '2']])}"}, {})
    assert '<tr><td>crm: write</td><td>12</td></tr><tr><td class="part">head</td>' in made
