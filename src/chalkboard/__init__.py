"""Pictures and widgets: what a student looks at and drags."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chalkboard.functions.gradient_explorer import GradientExplorer
from chalkboard.functions.surface_explorer import SurfaceExplorer
from chalkboard.graphs.drawing import GraphDrawing, draw_graph
from chalkboard.graphs.stepper import BackwardStepper
from chalkboard.memory.broadcasting import BroadcastExplorer
from chalkboard.memory.strides import StrideExplorer
from chalkboard.progress import Progress
from chalkboard.questions.predict import Predict, predictions
from chalkboard.questions.quiz import Quiz, quizzes
from chalkboard.questions.vocabulary import Choice, Choices, Number, Text
from chalkboard.training.knobs import WeightKnobs

if TYPE_CHECKING:
    from chalkboard.picture import Picture
    from chalkboard.plots.bars import plot_bars, plot_timings
    from chalkboard.plots.comparison import GradientComparison, compare_gradients
    from chalkboard.plots.curves import plot_function, plot_with_tangent
    from chalkboard.plots.functions import plot_contours, plot_functions
    from chalkboard.plots.lines import plot_lines, plot_losses
    from chalkboard.plots.regression import plot_points_and_fit
    from chalkboard.plots.tensors import plot_heatmap, plot_histogram

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
    "GradientComparison": "chalkboard.plots.comparison",
    "Picture": "chalkboard.picture",
    "compare_gradients": "chalkboard.plots.comparison",
    "plot_bars": "chalkboard.plots.bars",
    "plot_contours": "chalkboard.plots.functions",
    "plot_function": "chalkboard.plots.curves",
    "plot_functions": "chalkboard.plots.functions",
    "plot_heatmap": "chalkboard.plots.tensors",
    "plot_histogram": "chalkboard.plots.tensors",
    "plot_lines": "chalkboard.plots.lines",
    "plot_losses": "chalkboard.plots.lines",
    "plot_points_and_fit": "chalkboard.plots.regression",
    "plot_timings": "chalkboard.plots.bars",
    "plot_with_tangent": "chalkboard.plots.curves",
}


def __getattr__(name: str) -> Any:
    if name not in _DRAWN_WITH_MATPLOTLIB:
        raise AttributeError(f"module 'chalkboard' has no attribute {name!r}")
    return getattr(import_module(_DRAWN_WITH_MATPLOTLIB[name]), name)
