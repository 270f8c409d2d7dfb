"""How charts look: quiet lines, a title at the left, nothing around them."""

from __future__ import annotations

from typing import Any


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
