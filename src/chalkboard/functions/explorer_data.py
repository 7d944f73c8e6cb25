"""What GradientExplorer sends to the browser: curves and answers as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chalkboard.functions.answers import Answer
from chalkboard.functions.curve import Curve, flat_below, visible_values
from chalkboard.wording import decimals_for, decimals_of_step, format_number


def curves_data(curves: Mapping[str, Curve]) -> list[dict[str, Any]]:
    """The curves by name, in the order of their looks."""
    return [{"name": name, **_curve_data(curve)} for name, curve in curves.items()]


def answers_data(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """The answers with numbers also as text, because JSON has no NaN and no infinity."""
    return [_answer_data(answer) for answer in answers]


def _curve_data(curve: Curve) -> dict[str, Any]:
    """A curve with its arrays as little-endian float64, because JSON has no NaN."""
    slopes = np.abs(curve.slope[np.isfinite(curve.slope)])
    arrays = {
        name: getattr(curve, name).astype("<f8").tobytes()
        for name in ("stops", "x", "value", "slope")
    }
    return {
        **arrays,
        "gaps": [[gap.start, gap.stop, gap.reason] for gap in curve.gaps],
        "flat_below": flat_below(curve),
        "decimals": {
            "x": decimals_of_step(curve.step),
            "value": decimals_for(max(abs(end) for end in visible_values(curve, curve.domain))),
            # Not the largest: near a pole it is huge, and would leave no decimals elsewhere.
            "slope": decimals_for(float(np.quantile(slopes, 0.98))),
        },
    }


def _answer_data(answer: Answer) -> dict[str, Any]:
    return {
        "function": answer.function,
        "engine": answer.engine,
        "x": answer.x,
        "point": [answer.value, answer.slope] if answer.is_finite else None,
        "texts": [
            "" if number is None else format_number(number)
            for number in (answer.value, answer.slope)
        ],
        "trouble": answer.trouble,
    }
