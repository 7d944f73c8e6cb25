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
    from chalkboard.comparison import GradientComparison, compare_gradients
    from chalkboard.picture import Picture
    from chalkboard.plots import plot_function, plot_with_tangent

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
    "plot_function",
    "plot_with_tangent",
    "predictions",
    "quizzes",
]

# matplotlib and seaborn take seconds to import, so they wait until a static picture is asked for.
_DRAWN_WITH_MATPLOTLIB = {
    "GradientComparison": "chalkboard.comparison",
    "Picture": "chalkboard.picture",
    "compare_gradients": "chalkboard.comparison",
    "plot_function": "chalkboard.plots",
    "plot_with_tangent": "chalkboard.plots",
}


def __getattr__(name: str) -> Any:
    if name not in _DRAWN_WITH_MATPLOTLIB:
        raise AttributeError(f"module 'chalkboard' has no attribute {name!r}")
    return getattr(import_module(_DRAWN_WITH_MATPLOTLIB[name]), name)
