"""All figures of a run as one page that needs nothing else: charts and tables, by day and by night, on a phone too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

_STYLE = """
:root { color-scheme: light dark; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --page: #fff; --met: #1a7f37;
  --missed: #b35900; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --quiet: #9198a1; --line: #3d444d; --page: #0d1117;
  --met: #3fb950; --missed: #e3a04a; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); margin: 0 auto; padding: 1rem;
  max-width: 72rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
.about, nav { color: var(--quiet); font-size: .9rem; } nav a { margin-right: 1rem; }
.wide { overflow-x: auto; }
.charts svg { min-width: 60rem; width: 100%; height: auto; background: #fff; border-radius: 6px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { padding: .25rem .75rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; padding-left: 0; } th { color: var(--quiet); font-weight: 600; }
.met { color: var(--met); } .missed { color: var(--missed); }
"""


def page(header: Mapping[str, str], texts: Mapping[str, str], charts: str) -> str:
    """`texts`: the reports by name, as `bench.report` makes them. `charts`: an SVG document."""
    drawn = charts[charts.index("<svg") :]
    links = "".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in texts)
    about = "<br>".join(f"{escape(name)}: {escape(text)}" for name, text in header.items())
    sections = "".join(f'<h2 id="{escape(name)}">{escape(name)}</h2>\n{_blocks(text)}' for name, text in texts.items())
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Openhouse, measured</title>\n<style>{_STYLE}</style>\n<h1>Openhouse, measured</h1>\n"
        f'<p class="about">{about}</p>\n<nav>{links}</nav>\n<div class="wide charts">{drawn}</div>\n{sections}</html>\n'
    )


def _blocks(text: str) -> str:
    return "".join(_block(block) for block in re.split(r"\n{2,}", text.strip("\n")))


def _block(block: str) -> str:
    """A table's lines are indented; all others are a paragraph's."""
    lines = block.split("\n")
    if len(lines) > 1 and all(line.startswith("  ") for line in lines):
        return f'<div class="wide"><table>{"".join(_rows(lines))}</table></div>\n'
    if all(line.startswith("Goal") for line in lines):
        return f"<p>{'<br>'.join(map(_judged, lines))}</p>\n"
    return f"<p>{_judged(' '.join(lines))}</p>\n"


def _rows(lines: Sequence[str]) -> Iterator[str]:
    """Columns are apart by what is blank in every line, two characters at least."""
    width = max(map(len, lines))
    padded = [line.ljust(width) for line in lines]
    used = "".join(" " if all(line[place] == " " for line in padded) else "x" for place in range(width))
    columns = [found.span() for found in re.finditer(r"x+(?: x+)*", used)]
    for number, line in enumerate(padded):
        cell = "td" if number else "th"
        texts = (line[start:end].strip() for start, end in columns)
        yield "<tr>" + "".join(f"<{cell}>{_judged(text)}</{cell}>" for text in texts) + "</tr>"


def _judged(text: str) -> str:
    shown = escape(text)
    return re.sub(r"\b(met|missed)\b", r'<span class="\1">\1</span>', shown)
