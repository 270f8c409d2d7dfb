"""How charts look: quiet lines, a title at the left, nothing around them; and how one becomes part of a page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def look(*, text: str, muted: str, line: str) -> dict[Any, Any]:
    """Settings of matplotlib. What is given are colours."""
    return {
        "svg.fonttype": "none",  # text stays text
        "font.size": 10,
        "text.color": text,
        "axes.labelcolor": muted,
        "axes.edgecolor": line,
        "axes.titlesize": 11,
        "axes.titlelocation": "left",
        "axes.titlepad": 12,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.axisbelow": True,
        "grid.color": line,
        "xtick.color": line,
        "xtick.labelcolor": muted,
        "ytick.color": line,
        "ytick.labelcolor": muted,
        "ytick.left": False,
        "legend.frameon": False,
        "legend.fontsize": 9,
    }


def page_svg(
    draw: Callable[[Axes], None],
    *,
    look: Mapping[Any, Any],
    size: tuple[float, float],
    name: str,
    variables: Mapping[str, str],
) -> str:
    """One chart as an element of a page, in the page's colours.

    `size`: in inches. `name`: of the chart, in that page alone. `variables`: the page's, by the colours that stand for
    them in the drawing.
    """
    from matplotlib import rc_context  # noqa: PLC0415 - it takes a second, and only who draws waits for it
    from matplotlib.figure import Figure  # noqa: PLC0415

    with rc_context({**look, "svg.hashsalt": name}):  # ids are unique in the page
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.subplots())
        text = io.StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    drawn = text.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    for colour, variable in variables.items():
        drawn = drawn.replace(colour, f"var(--{variable})")
    return re.sub(r"'DejaVu Sans'[^;\"]*", "Inter, system-ui, sans-serif", drawn)
