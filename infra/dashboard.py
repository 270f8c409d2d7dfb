"""The dashboard: five questions from top to bottom, each with its charts, and the alarms above them."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from deployed.board.series import Line, Section, Widget
from infra.measured import Parts

NAME = f"Openhouse-{Aws.REGION}"  # an account knows a name once, for all its regions
_COLUMNS = 24
_ACROSS = 3  # charts beside each other
_HEIGHT = 6
_LOOKED_BACK = Duration.hours(12)


class Dashboard(Construct):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        parts: Parts,
        sections: Sequence[Section],
        alarms: Sequence[cloudwatch.IAlarm],
    ) -> None:
        super().__init__(scope, id_)
        board = cloudwatch.Dashboard(self, "Board", dashboard_name=NAME, default_interval=_LOOKED_BACK)
        board.add_widgets(
            cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=_COLUMNS, height=_HEIGHT)
        )
        for section in sections:
            board.add_widgets(
                cloudwatch.TextWidget(
                    markdown=f"## {section.question}\n{section.good}",
                    width=_COLUMNS,
                    height=2,
                    background=cloudwatch.TextWidgetBackground.TRANSPARENT,
                )
            )
            for start in range(0, len(section.widgets), _ACROSS):
                row = section.widgets[start : start + _ACROSS]
                board.add_widgets(*(_chart(widget, parts, _COLUMNS // len(row)) for widget in row))


def _chart(widget: Widget, parts: Parts, width: int) -> cloudwatch.GraphWidget:
    lines = [line for line in widget.lines if all(map(parts.has, line.sources))]
    return cloudwatch.GraphWidget(
        title=widget.title,
        left=[_labelled(line, parts, number) for number, line in enumerate(lines)],
        left_y_axis=cloudwatch.YAxisProps(label=widget.unit, min=0, show_units=False),
        legend_position=cloudwatch.LegendPosition.BOTTOM,
        stacked=widget.stacked,
        width=width,
        height=_HEIGHT,
    )


def _labelled(line: Line, parts: Parts, number: int) -> cloudwatch.IMetric:
    found = parts.math(line, number=number)
    return found.with_(label=line.label) if isinstance(found, cloudwatch.Metric) else found
