"""Pictures and widgets: what a student looks at and drags."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chalkboard.broadcasting import BroadcastExplorer
from chalkboard.explorer import GradientExplorer
from chalkboard.graph_drawing import GraphDrawing, draw_graph
from chalkboard.knobs import WeightKnobs
from chalkboard.predict import Predict, predictions
from chalkboard.progress import Progress
from chalkboard.questions import Choice, Choices, Number, Text
from chalkboard.quiz import Quiz, quizzes
from chalkboard.stepper import BackwardStepper
from chalkboard.strides import StrideExplorer
from chalkboard.surface_explorer import SurfaceExplorer

if TYPE_CHECKING:
    from chalkboard.bar_plots import plot_bars, plot_timings
    from chalkboard.comparison import GradientComparison, compare_gradients
    from chalkboard.function_plots import plot_contours, plot_functions
    from chalkboard.line_plots import plot_lines, plot_losses
    from chalkboard.picture import Picture
    from chalkboard.plots import plot_function, plot_with_tangent
    from chalkboard.regression_plots import plot_points_and_fit
    from chalkboard.tensor_plots import plot_heatmap, plot_histogram

__all__ = [
    "BackwardStepper",
    "BroadcastExplorer",
    "Choice",
    "Choices",
    "GradientComparison",
    "GradientExplorer",
    "GraphDrawing",
    "Number",
    "Picture",
    "Predict",
    "Progress",
    "Quiz",
    "StrideExplorer",
    "SurfaceExplorer",
    "Text",
    "WeightKnobs",
    "compare_gradients",
    "draw_graph",
    "plot_bars",
    "plot_contours",
    "plot_function",
    "plot_functions",
    "plot_heatmap",
    "plot_histogram",
    "plot_lines",
    "plot_losses",
    "plot_points_and_fit",
    "plot_timings",
    "plot_with_tangent",
    "predictions",
    "quizzes",
]

# matplotlib and seaborn take seconds to import, so they wait until a static picture is asked for.
_DRAWN_WITH_MATPLOTLIB = {
    "GradientComparison": "chalkboard.comparison",
    "Picture": "chalkboard.picture",
    "compare_gradients": "chalkboard.comparison",
    "plot_bars": "chalkboard.bar_plots",
    "plot_contours": "chalkboard.function_plots",
    "plot_function": "chalkboard.plots",
    "plot_functions": "chalkboard.function_plots",
    "plot_heatmap": "chalkboard.tensor_plots",
    "plot_histogram": "chalkboard.tensor_plots",
    "plot_lines": "chalkboard.line_plots",
    "plot_losses": "chalkboard.line_plots",
    "plot_points_and_fit": "chalkboard.regression_plots",
    "plot_timings": "chalkboard.bar_plots",
    "plot_with_tangent": "chalkboard.plots",
}


def __getattr__(name: str) -> Any:
    if name not in _DRAWN_WITH_MATPLOTLIB:
        raise AttributeError(f"module 'chalkboard' has no attribute {name!r}")
    return getattr(import_module(_DRAWN_WITH_MATPLOTLIB[name]), name)
