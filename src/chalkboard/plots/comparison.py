"""The same gradient from several sources side by side, so that a learner sees that they agree."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

import chalkgrad
from chalkboard.functions.evaluation import Evaluation, EvaluationError, ScalarFunction, evaluate
from chalkboard.picture import Picture
from chalkboard.style import SERIES, new_figure
from chalkboard.wording import format_number

FINITE_DIFFERENCE = "finite difference"


@dataclass(frozen=True, eq=False)
class GradientComparison:
    """Slopes of one function at several x, by source.

    `x` has shape (n,); `slopes` maps each source (a module's name, or "finite difference") to an
    array of shape (n,) in float64. As the last expression of a cell it shows a table.
    """

    name: str
    x: NDArray[np.float64]
    slopes: Mapping[str, NDArray[np.float64]]

    @property
    def largest_difference(self) -> float:
        """The largest distance between two sources at the same x."""
        together = np.array(list(self.slopes.values()))
        return float(np.max(together.max(axis=0) - together.min(axis=0)))

    @property
    def words(self) -> str:
        """What the table shows, in one sentence."""
        sources = ", ".join(self.slopes)
        return (
            f"The slope of {self.name} at {self.x.size} values of x from {sources}: "
            f"no two differ by more than {format_number(self.largest_difference, 2)}."
        )

    def plot(self) -> Picture:
        """Draw the slopes over x, one line with its own dashes and markers per source."""
        figure, (axes,) = new_figure(1)
        looks = [SERIES[index % len(SERIES)] for index in range(len(self.slopes))]
        for place, (look, (source, slope)) in enumerate(
            zip(looks, self.slopes.items(), strict=True)
        ):
            # Lines that agree lie on each other: the earlier ones are wider and have larger marks.
            wider = len(looks) - place
            axes.plot(
                self.x,
                slope,
                look.linestyle,
                marker=look.marker,
                markersize=3 + 3 * wider,
                linewidth=0.5 + wider,
                fillstyle="none",
                color=look.color,
                label=source,
            )
        axes.set(xlabel="x", ylabel=f"slope {self.name}'(x)")
        axes.legend()
        return Picture(figure, self.words)

    def __repr__(self) -> str:
        rows = [["x", *self.slopes], *self._rows()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        return "\n".join(
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in rows
        )

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in ["x", *self.slopes])
        body = "".join(
            f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in row[1:])
            for row in self._rows()
        )
        return (
            f"<table><caption>{html.escape(self.words)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    def _rows(self) -> list[list[str]]:
        columns = [self.x, *self.slopes.values()]
        return [
            [format_number(float(number)) for number in row] for row in zip(*columns, strict=True)
        ]


def compare_gradients(
    f: ScalarFunction,
    x: float | Sequence[float],
    *,
    compare: Sequence[ModuleType] | ModuleType = (),
    h: float = 1e-5,
    name: str = "f",
    engine: ModuleType = chalkgrad,
) -> GradientComparison:
    """Ask `engine`, every module in `compare`, and a central difference for the slope of `f`.

    The central difference is (f(x + h) - f(x - h)) / (2 h), with an error of order h squared.

    Raises:
        ValueError: a source cannot say the slope at one of the x; the sentence names both.
    """
    places = np.atleast_1d(np.asarray(x, dtype=np.float64))
    engines = [engine, *(compare if isinstance(compare, Sequence) else [compare])]
    slopes = {
        source.__name__: np.array([_ask(f, at, source, name).slope for at in places])
        for source in engines
    }
    slopes[FINITE_DIFFERENCE] = np.array(
        [
            (_ask(f, at + h, engine, name).value - _ask(f, at - h, engine, name).value) / (2 * h)
            for at in places
        ]
    )
    return GradientComparison(name, places, slopes)


def _ask(f: ScalarFunction, x: float, engine: ModuleType, name: str) -> Evaluation:
    try:
        return evaluate(f, x, engine)
    except EvaluationError as error:
        raise ValueError(
            f"{engine.__name__} has no slope of {name} at x = {format_number(x)}: {error}."
        ) from error
