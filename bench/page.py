"""All figures of a run as one page that needs nothing else: charts and tables, by day and by night, on a phone too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

TITLES = {
    "costs": "What a change costs",
    "rooms": "Rooms of any size",
    "posting": "Posts a second",
    "starts": "Cold starts",
    "importing": "Tables of other systems",
    "reading": "Files of 100,000 rows",
    "imports": "What an import costs",
    "language": "What texts say",
    "sockets": "To many sockets at once",
    "storm": "A crowd comes back",
    "browser": "The web app in a browser",
    "latency": "From a save to a colleague's screen",
    "bulk": "Records in bulk",
}

_STYLE = """
:root { color-scheme: light dark; --page: #f6f7f7; --surface: #fff; --line: #dfe3e3; --text: #16201f; --muted: #55605f;
  --accent: #0b7a63; --amber: #a86a00; --blue: #1f5fbf; --red: #b42318; --violet: #6f4bb8; --met: #1e7a34;
  --missed: #b42318; --met-tint: #e4f3e7; --missed-tint: #fbe9e7; }
@media (prefers-color-scheme: dark) { :root { --page: #0f1514; --surface: #161d1c; --line: #2c3735; --text: #e7edeb;
  --muted: #a3afac; --accent: #4cc9ab; --amber: #f2b84b; --blue: #85b5ff; --red: #ff8a80; --violet: #bda4f5;
  --met: #76d189; --missed: #ff8a80; --met-tint: #1b3021; --missed-tint: #3a2220; } }
* { box-sizing: border-box; }
body { font: 15px/1.55 Inter, system-ui, sans-serif; color: var(--text); background: var(--page); margin: 0 auto;
  padding: 32px 24px 64px; max-width: 54rem; }
h1 { font-size: 28px; line-height: 36px; font-weight: 600; margin: 0 0 8px; letter-spacing: -.01em; }
h2 { font-size: 20px; line-height: 28px; font-weight: 600; margin: 0 0 12px; }
p { margin: 0 0 16px; }
a { color: inherit; text-decoration: none; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0 0 24px; color: var(--muted);
  font-size: 13px; }
dt::first-letter { text-transform: uppercase; } dd { margin: 0; color: var(--text); overflow-wrap: anywhere; }
nav { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 8px; margin-bottom: 32px; }
nav a { display: flex; flex-direction: column; gap: 6px; padding: 12px 16px; border: 1px solid var(--line);
  border-radius: 10px; background: var(--surface); font-weight: 500; }
nav a:hover, nav a:focus-visible { border-color: var(--accent); outline: none; }
nav span { display: flex; flex-wrap: wrap; gap: 6px; font-weight: 400; font-size: 13px; color: var(--muted); }
section { padding: 24px; margin-bottom: 24px; border: 1px solid var(--line); border-radius: 10px;
  background: var(--surface); scroll-margin-top: 16px; }
section > :last-child { margin-bottom: 0; }
.wide { overflow-x: auto; margin: 0 -24px 16px; padding: 0 24px; }
figure svg { display: block; width: 100%; min-width: 27rem; height: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; line-height: 18px; }
th, td { padding: 6px 0 6px 24px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
tr:last-child td { border-bottom: 0; } tbody tr:hover { background: var(--page); }
th { color: var(--muted); font-weight: 500; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
td.part:first-child { padding-left: 16px; color: var(--muted); }
code { font: .92em ui-monospace, monospace; }
.met, .missed { display: inline-block; padding: 0 8px; border-radius: 6px; font-weight: 500; font-size: 12px;
  line-height: 20px; white-space: nowrap; }
.met { color: var(--met); background: var(--met-tint); } .missed { color: var(--missed);
  background: var(--missed-tint); }
ul.goals { list-style: none; padding: 0; margin: 0 0 16px; } ul.goals li { padding: 4px 0; }
.bar { display: block; height: 10px; border-radius: 2px; background: var(--accent); }
@media (max-width: 40rem) { body { padding: 20px 12px 40px; } section { padding: 16px; }
  .wide { margin: 0 -16px 16px; padding: 0 16px; } dl { grid-template-columns: 1fr; } dd { margin-bottom: 6px; }
  h1 { font-size: 24px; line-height: 32px; } nav { grid-template-columns: 1fr; }
  td:first-child, th:first-child { position: sticky; left: -16px; padding-right: 8px; background: var(--surface);
  white-space: normal; min-width: 8rem; } th, td { padding-left: 16px; } }
"""


def page(header: Mapping[str, str], texts: Mapping[str, str], charts: Mapping[str, str]) -> str:
    """`texts`: the reports by name, as `bench.report` makes them. `charts`: SVG elements, by the same names."""
    about = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in header.items())
    links = "".join(
        f'<a href="#{escape(name)}">{_title(name)}<span>{_goals_of(text)}</span></a>' for name, text in texts.items()
    )
    sections = "".join(_section(name, text, charts.get(name, "")) for name, text in texts.items())
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Openhouse, measured</title>\n<style>{_STYLE}</style>\n"
        f"<header><h1>Openhouse, measured</h1>\n<dl>{about}</dl></header>\n<nav>{links}</nav>\n"
        f"<main>\n{sections}</main>\n</html>\n"
    )


def _title(name: str) -> str:
    return escape(TITLES.get(name, name))


def _goals_of(text: str) -> str:
    """How many of its goals are met and missed."""
    found = re.findall(r"\b(met|missed)\b", text)
    counts = [(kind, found.count(kind)) for kind in ("met", "missed")]
    return "".join(f'<b class="{kind}">{count} {kind}</b>' for kind, count in counts if count) or "no goal"


def _section(name: str, text: str, chart: str) -> str:
    """Its chart comes after what it is about."""
    about, *others = [_block(block) for block in re.split(r"\n{2,}", text.strip("\n"))]
    figure = f'<figure class="wide">{chart}</figure>\n' if chart else ""
    return f'<section id="{escape(name)}"><h2>{_title(name)}</h2>\n{about}{figure}{"".join(others)}</section>\n'


def _block(block: str) -> str:
    """A table's lines are indented; all others are a paragraph's."""
    lines = block.split("\n")
    if len(lines) > 1 and all(line.startswith("  ") for line in lines):
        head, *rows = _rows(lines)
        return f'<div class="wide"><table><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table></div>\n'
    if all(line.startswith("Goal") for line in lines):
        return f'<ul class="goals">{"".join(f"<li>{_judged(line)}</li>" for line in lines)}</ul>\n'
    return f"<p>{_judged(' '.join(lines))}</p>\n"


def _rows(lines: Sequence[str]) -> Iterator[str]:
    """Columns are apart by what is blank in every line, two characters at least."""
    width = max(map(len, lines))
    padded = [line.ljust(width) for line in lines]
    used = "".join(" " if all(line[place] == " " for line in padded) else "x" for place in range(width))
    columns = [found.span() for found in re.finditer(r"x+(?: x+)*", used)]
    least = min(len(line) - len(line.lstrip()) for line in lines)
    for number, line in enumerate(padded):
        cell = "td" if number else "th"
        part = ' class="part"' if number and line[least] == " " else ""  # of the row above
        texts = (line[start:end].strip() for start, end in columns)
        yield "<tr>" + "".join(f"<{cell}{part}>{_judged(text)}</{cell}>" for text in texts) + "</tr>"


def _judged(text: str) -> str:
    if re.fullmatch("#+", text):  # a bar of a terminal's
        return f'<i class="bar" style="width:{len(text) / 4:g}em"></i>'
    shown = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    return re.sub(r"\b(met|missed)\b", r'<span class="\1">\1</span>', shown)
