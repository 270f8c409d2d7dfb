from bench.page import page
from bench.report import table

CHARTS = '<?xml version="1.0"?>\n<svg id="charts"></svg>'


def test_a_page_holds_the_charts_and_each_table_as_a_table():
    rows = [["http: ours", "80,000", "40x"], ["http: wrk", "9", ""]]
    text = f"Posts & more,\nin two lines.\n\n{table(['', 'posts a second', 'ours is'], rows)}\n\nGoal, http: met."
    made = page({"machine": "a <machine>"}, {"posting": text}, CHARTS)

    assert '<svg id="charts"></svg>' in made
    assert "a &lt;machine&gt;" in made
    assert '<h2 id="posting">posting</h2>\n<p>Posts &amp; more, in two lines.</p>' in made
    assert "<tr><th></th><th>posts a second</th><th>ours is</th></tr>" in made
    assert "<tr><td>http: ours</td><td>80,000</td><td>40x</td></tr>" in made
    assert "<tr><td>http: wrk</td><td>9</td><td></td></tr>" in made
    assert '<p>Goal, http: <span class="met">met</span>.</p>' in made
