"""One chart of the dashboard, and all of them on one picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.board.reading import Told, is_told_here
from deployed.board.series import Line, Section, Widget
from deployed.charts import look, page_svg
from deployed.terminal import CommandFailed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

AWS_ALONE = "Told by AWS alone"
NOTHING = "None so far"
ACROSS = 3
_HEAD, _ROW = 0.55, 2.9  # inches: a question, and a row of charts with their titles and times
_IN_SECONDS = 240  # the longest run whose times are told to the second
_LEGEND_LETTERS = 44  # beside each other
_MOST_LINES = 6  # of functions that failed, those that did


class Colours(NamedTuple):
    text: str
    muted: str
    line: str
    surface: str
    empty: str
    series: tuple[str, ...]


DAY = Colours(
    "#16201f",
    "#55605f",
    "#dfe3e3",
    "#ffffff",
    "#f6f7f7",
    ("#0b7a63", "#a86a00", "#1f5fbf", "#b42318", "#6f4bb8", "#55605f"),
)
# Stand for the page's variables, which change by night: the page has no other use for these.
_PAGE = Colours(
    "#010101",
    "#020202",
    "#030303",
    "#040404",
    "#0b0b0b",
    ("#050505", "#060606", "#070707", "#080808", "#090909", "#0a0a0a"),
)
_VARIABLES = {
    _PAGE.text: "text",
    _PAGE.muted: "muted",
    _PAGE.line: "line",
    _PAGE.surface: "surface",
    **{colour: f"series-{number}" for number, colour in enumerate(_PAGE.series)},
}


def svg(widget: Widget, told: Told) -> str:
    """An element of the page, in the page's colours."""
    return page_svg(
        lambda axes: _chart(axes, widget, told, _PAGE, titled=False),
        look=_looks(_PAGE),
        size=(5.2, 2.9),
        name=widget.title,
        variables=_VARIABLES,
    )


def empty_text(widget: Widget, told: Told) -> str | None:
    """What stands in the place of a chart of which there is nothing to draw."""
    if any(told.points(line) is not None for line in widget.lines):
        return None
    known = any(is_told_here(source) for line in widget.lines for source in line.sources)
    return NOTHING if known else AWS_ALONE


def picture(sections: Sequence[Section], told: Told, file: Path) -> None:
    """All of it as a PNG, by day. Raises CommandFailed of a file that cannot be written."""
    from matplotlib import rc_context  # noqa: PLC0415 - as above

    with rc_context({**_looks(DAY), "figure.facecolor": DAY.surface}):
        figure = board(sections, told)
        try:
            figure.savefig(file, format="png", dpi=110)
        except OSError as error:
            raise CommandFailed(f"{file} cannot be written: {error.strerror}.") from error


def board(sections: Sequence[Section], told: Told) -> Figure:
    """Nothing is fitted by itself: charts stand below each other, whatever numbers are beside them."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    rows = [-(-len(section.widgets) // ACROSS) for section in sections]
    heights = [_HEAD + _ROW * count for count in rows]
    figure = Figure(figsize=(16, sum(heights)))
    parts = figure.subfigures(len(sections), 1, height_ratios=heights, squeeze=False)[:, 0]
    for section, count, height, part in zip(sections, rows, heights, parts, strict=True):
        y = 1 - 0.18 / height
        part.suptitle(section.question, x=0.012, y=y, ha="left", va="top", fontsize=15, fontweight="bold")
        places = {"left": 0.04, "right": 0.99, "wspace": 0.16, "bottom": 0.4 / height, "hspace": 0.42}
        grid = places | {"top": 1 - (_HEAD + 0.42) / height}
        for number, axes in enumerate(part.subplots(count, ACROSS, squeeze=False, gridspec_kw=grid).flat):
            if number < len(section.widgets):
                _chart(axes, section.widgets[number], told, DAY, titled=True)
            else:
                axes.set_axis_off()
    return figure


def _looks(colours: Colours) -> dict[Any, Any]:
    return look(text=colours.text, muted=colours.muted, line=colours.line) | {"axes.grid": True, "axes.grid.axis": "y"}


def _chart(axes: Axes, widget: Widget, told: Told, colours: Colours, *, titled: bool) -> None:
    if titled:
        axes.set_title(f"{widget.title}, {widget.unit}")
    if (empty := empty_text(widget, told)) is not None:
        _say(axes, empty, colours)
        return
    shown = [(line, points) for line in widget.lines if (points := told.points(line)) is not None]
    times = [datetime.fromtimestamp(at, UTC) for at in told.times]
    kept = shown[:_MOST_LINES]
    colour_of = dict(zip([line.label for line, _ in kept], colours.series, strict=False))
    if widget.stacked:
        values = [[point or 0.0 for point in points] for _, points in kept]
        labels = [_labelled(line, told) for line, _ in kept]
        axes.stackplot(times, values, labels=labels, colors=colours.series, step="post", alpha=0.75, linewidth=0)
    else:
        for line, points in kept:
            dense = sum(point is not None for point in points) > 1
            axes.plot(
                times,
                [float("nan") if point is None else point for point in points],
                color=colour_of[line.label],
                label=_labelled(line, told),
                linewidth=1.8,
                marker="" if dense and None not in points else "o",
                markersize=3,
            )
    axes.set_ylim(bottom=0, top=max(1.0, axes.get_ylim()[1]) * 1.12 if _is_flat(kept) else None)
    _axis(axes, told)
    labels = [_labelled(line, told) for line, _ in kept]
    beside = 3 if sum(map(len, labels)) < _LEGEND_LETTERS else 2
    axes.legend(loc="upper left", ncols=beside, borderaxespad=0, handlelength=1.2, columnspacing=1.2)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high * (1.1 + 0.18 * -(-len(kept) // beside)))  # room for the legend


def _is_flat(shown: Sequence[tuple[Line, Sequence[float | None]]]) -> bool:
    return all(not point for _, points in shown for point in points)


def _axis(axes: Axes, told: Told) -> None:
    from matplotlib.dates import AutoDateLocator, DateFormatter, date2num  # noqa: PLC0415 - as above
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=6))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%H:%M:%S" if told.last - told.first < _IN_SECONDS else "%H:%M"))  # type: ignore[no-untyped-call]
    ends = (told.times[0], told.last + told.step)
    low, high = (date2num(datetime.fromtimestamp(end, UTC)) for end in ends)  # type: ignore[no-untyped-call]
    axes.set_xlim(low, high)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(lambda value, _: _number(value))


def _labelled(line: Line, told: Told) -> str:
    value = told.whole(line)
    return line.label if value is None else f"{line.label}  {_number(value)}"


def _number(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.3g}"


def _say(axes: Axes, text: str, colours: Colours) -> None:
    axes.text(0.5, 0.5, text, ha="center", va="center", color=colours.muted, transform=axes.transAxes)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_facecolor(colours.empty)
