"""The one look of every static picture: colours that colour-blind eyes tell apart, and dashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import seaborn
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_PALETTE: list[str] = seaborn.color_palette("colorblind").as_hex()

INCHES_PER_PANEL = (4.6, 3.6)

_SETTINGS: dict[Any, Any] = {
    **seaborn.axes_style("whitegrid"),
    "font.size": 10.0,
    "axes.edgecolor": "#666666",
    "grid.color": "#dddddd",
    "legend.frameon": True,
}


@dataclass(frozen=True)
class LineLook:
    """How a kind of line is drawn: never told apart by colour alone."""

    color: str
    linestyle: str
    marker: str = ""


# Blue and vermillion: of the palette, the two with enough contrast on white paper.
CURVE = LineLook(_PALETTE[0], "-")
TANGENT = LineLook(_PALETTE[3], "--", "o")
SERIES: Sequence[LineLook] = (
    LineLook(_PALETTE[0], "-", "o"),
    LineLook(_PALETTE[3], "--", "s"),
    LineLook(_PALETTE[2], ":", "^"),
    LineLook(_PALETTE[4], "-.", "D"),
)


def new_figure(panels: int) -> tuple[Figure, list[Axes]]:
    """A figure with `panels` axes side by side in this style.

    It is made without pyplot, so that nothing is shown twice and no open figure is left behind.
    """
    panel_width, height = INCHES_PER_PANEL
    width = panel_width * max(panels, 1.3)
    with rc_context(_SETTINGS):
        figure = Figure(figsize=(width, height))
        axes = figure.subplots(1, panels, squeeze=False)
    # Fixed margins, in inches: a layout engine would draw everything twice to find them.
    between = 0.85 / ((width - 1.0 - 0.85 * (panels - 1)) / panels)
    figure.subplots_adjust(
        left=0.8 / width,
        right=1 - 0.2 / width,
        bottom=0.55 / height,
        top=1 - 0.3 / height,
        wspace=between,
    )
    return figure, list(axes[0])
