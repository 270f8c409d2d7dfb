"""The dashboard as one page that needs nothing else, by day and by night, on a phone too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape

from cli.board.drawing import empty_text, svg
from cli.board.reading import Told
from deployed.board.series import Section

_STYLE = """
:root { color-scheme: light dark; --page: #f6f7f7; --surface: #fff; --line: #dfe3e3; --text: #16201f; --muted: #55605f;
  --series-0: #0b7a63; --series-1: #a86a00; --series-2: #1f5fbf; --series-3: #b42318; --series-4: #6f4bb8;
  --series-5: #55605f; }
@media (prefers-color-scheme: dark) { :root { --page: #0f1514; --surface: #161d1c; --line: #2c3735; --text: #e7edeb;
  --muted: #a3afac; --series-0: #4cc9ab; --series-1: #f2b84b; --series-2: #85b5ff; --series-3: #ff8a80;
  --series-4: #bda4f5; --series-5: #a3afac; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 Inter, system-ui, sans-serif; color: var(--text); background: var(--page); margin: 0 auto;
  padding: 32px 24px 64px; max-width: 100rem; }
h1 { font-size: 26px; line-height: 34px; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 20px; line-height: 28px; margin: 32px 0 0; }
h3 { font-size: 14px; line-height: 20px; margin: 0 0 8px; } h3 span { color: var(--muted); font-weight: 400; }
p { margin: 0 0 16px; color: var(--muted); } figcaption { color: var(--muted); font-size: 13px; margin-top: 8px; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: 16px; }
figure { margin: 0; padding: 16px; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); }
figure .empty { display: grid; place-items: center; min-height: 6rem; margin: 0; border-radius: 6px;
  background: var(--page); font-size: 13px; }
figure svg { display: block; width: 100%; height: auto; }
"""


def page(sections: Sequence[Section], told: Told, source: str) -> str:
    """`source`: where it was read."""
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Openhouse, a local run</title><style>{_STYLE}</style></head><body>",
            f"<header><h1>Openhouse, a local run</h1><p>{escape(_about(told, source))}</p></header><main>",
            *(line for section in sections for line in _section(section, told)),
            "</main></body></html>",
        ]
    )


def _about(told: Told, source: str) -> str:
    first, last = (datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S") for at in (told.first, told.last))
    return f"{first} to {last} UTC, {told.step} s a point; numbers beside names are of all that time. From {source}."


def _section(section: Section, told: Told) -> Iterator[str]:
    yield f"<section><h2>{escape(section.question)}</h2><p>{escape(section.good)}</p><div class=charts>"
    for widget in section.widgets:
        yield f"<figure><h3>{escape(widget.title)} <span>{escape(widget.unit)}</span></h3>"
        empty = empty_text(widget, told)
        yield svg(widget, told) if empty is None else f"<p class=empty>{empty}</p>"
        yield f"<figcaption>{escape(widget.note)}</figcaption></figure>" if widget.note else "</figure>"
    yield "</div></section>"
