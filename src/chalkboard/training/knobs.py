"""Knobs on the weights of a small model: turned by hand against the machine's descent."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, Literal

import numpy as np
import traitlets

import chalkgrad
from chalkboard.arrays import Numbers, is_number, read_row
from chalkboard.assets import script, style
from chalkboard.training.race import HAND, MACHINE, race_data
from chalkboard.training.small_models import (
    LossAnswer,
    SmallModel,
    ask_loss,
    describe_loss_answers,
    describe_weights,
    make_line,
    make_network,
)
from chalkboard.training.words import (
    INVITATION,
    count_moves,
    describe_moves,
    describe_past,
    describe_run,
    describe_stop,
)
from chalkboard.widget import Widget
from chalkboard.wording import format_number

_MOST_POINTS = 200
_HIDDEN_SIZES = (2, 3, 4)
# Beyond this loss nothing can be learned from a picture, and soon nothing calculated.
_LOSS_LIMIT = 1e12
_MOST_MOVES = 2000
_ARRIVED_BELOW = 1e-9
# What rounding leaves of a zero, as a part of the numbers that were summed.
_ROUNDING = 1e-12
_CURVE_POINTS = 81
_KEY = (
    "→ .grad: turned this way the loss rises; longer is steeper",
    "dashed →: the slope here, where .grad is a sum",
    "●, solid: moved by hand",
    "■, dashed: moved by the machine",
)


class WeightKnobs(Widget):
    """Data points, a small model, and a knob with its gradient on each of the model's weights.

    `model` is "line" (y = w x + b) or "network" (one hidden layer of `hidden` tanh units, 2 to 4).
    The loss is the mean squared error on the points (x, y). The learner turns the knobs by hand,
    or lets gradient descent turn them, step by step, and sees the loss fall, rise or diverge.
    `weights` is where both begin. The learning rate is 0.1, or less where that would diverge.
    With `goal_loss` the widget notices when the loss is that low; `goal` is a sentence shown
    above. When the knobs are let go, `engine` and every module in `compare` (such as torch) say
    the loss and its gradient.

    The traits can be read and driven from Python. These can be set: `weights` (which counts as a
    move by hand), `learning_rate`, and `forget_zero`, with which each step's gradient is added to
    those before. These are there to be read: `loss` and `gradient`, as `engine` says at the
    weights; `kept`, what the last step left in `.grad`; `losses`, `path` and `movers`, the loss
    and the weights after each move since the start and who made it ("start", "hand", "machine");
    `before`, how the run before the last reset went; `answers` and `message`, what the engines say
    and whether they agree; `stopped`, why there were fewer steps than asked for; `note`, what the
    last move did; `words`, what the pictures show.

    Raises:
        ValueError: an argument does not fit; the sentence says why.
    """

    _esm = script("weight_knobs.js")
    _css = style("parts/theme.css", "weight_knobs.css")

    setting = traitlets.Dict().tag(sync=True)
    goal = traitlets.Unicode().tag(sync=True)
    goal_loss = traitlets.Float(None, allow_none=True).tag(sync=True)
    learning_rate = traitlets.Float().tag(sync=True)
    forget_zero = traitlets.Bool().tag(sync=True)
    weights = traitlets.List().tag(sync=True)
    kept = traitlets.List().tag(sync=True)
    losses = traitlets.List()
    path = traitlets.List()
    movers = traitlets.List()
    before = traitlets.Unicode()
    stopped = traitlets.Unicode()
    race = traitlets.Dict().tag(sync=True)
    answers = traitlets.List(traitlets.Instance(LossAnswer)).tag(
        sync=True, to_json=lambda answers, widget: widget._answers_data(answers)
    )
    message = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        x: Any,
        y: Any,
        model: Literal["line", "network"] = "line",
        *,
        hidden: int = 3,
        weights: Sequence[float] | None = None,
        learning_rate: float | None = None,
        forget_zero: bool = False,
        goal: str = "",
        goal_loss: float | None = None,
        compare: ModuleType | Sequence[ModuleType] = (),
        engine: ModuleType = chalkgrad,
    ) -> None:
        self._x, self._y = _read_points(x, y)
        self._model = _choose_model(model, hidden)
        self._engines = (engine, *(compare if isinstance(compare, Sequence) else [compare]))
        self._tiny = _tiny(self._x, self._y)
        self._start = self._checked_weights(_first_weights(self._model, weights))
        if goal_loss is not None and not (is_number(goal_loss) and goal_loss > 0):
            raise ValueError(f"goal_loss must be a number above 0; got {goal_loss!r}.")
        if goal_loss is not None and not goal:
            goal = f"Bring the loss down to {format_number(goal_loss)}."
        most_rate = _largest_rate(self._model, self._x)
        rate = min(0.1, float(f"{most_rate / 4:.1g}")) if learning_rate is None else learning_rate
        answers = self._ask(self._start)
        super().__init__(
            setting=self._setting(answers[0], max(most_rate, _checked_rate(rate))),
            goal=goal,
            goal_loss=goal_loss,
            learning_rate=_checked_rate(rate),
            forget_zero=forget_zero,
            weights=self._start,
            answers=answers,
            message=describe_loss_answers(answers),
            **self._fresh_run(answers[0].loss),
        )
        self._moved = ""
        self._say()
        self.observe(self._answer, names="weights")
        self.observe(self._describe_moves, names="losses")
        self.observe(self._say, names=["stopped", "before"])
        self.on_msg(lambda _widget, message, _buffers: self._follow(message))

    @property
    def loss(self) -> float:
        """The mean squared error at the present weights."""
        return self._gradient_and_loss()[1]

    @property
    def gradient(self) -> list[float]:
        """How much the loss changes per unit of each weight, without what forgetting adds."""
        return self._gradient_and_loss()[0]

    def step(self, count: int = 1) -> None:
        """Take `count` steps of gradient descent, as the button does.

        Raises:
            ValueError: the loss would become too large to go on; the steps before are taken.
        """
        refused = self._descend(count)
        if refused:
            self._checked_weights(refused)

    def reset(self) -> None:
        """Turn the knobs back to the start; how the run went is still said, to compare with."""
        before = describe_past(self._cleaned(self.losses), self.movers) or self.before
        self._set(**self._fresh_run(self.losses[0]), weights=self._start, before=before)

    def _static(self) -> Mapping[str, str]:
        from chalkboard.plots.regression import draw_fit_and_losses

        picture = draw_fit_and_losses(
            self._x, self._y, self._predict_numbers, self.losses, self.movers, self.words
        )
        page = picture._repr_mimebundle_()["text/html"]
        goal = f"<p><strong>Goal:</strong> {html.escape(self.goal)}</p>" if self.goal else ""
        return {"text/html": goal + page, "text/plain": self.words}

    def _predict_numbers(self, x: Numbers) -> Numbers:
        return self._model.predict(self.weights, x, np.tanh) + 0 * x

    def _setting(self, first: LossAnswer, most_rate: float) -> dict[str, Any]:
        """What the browser needs once: the points, the model and how far the knobs turn."""
        reach = _reach(self._model, self._x, self._y, self._start)
        across = _widened(self._x, 0.08)
        steepest = max(abs(slope) for slope in first.gradient or (0,))
        return {
            "about": f"{self._model.formula}. The loss is the mean of the squared gaps between "
            "points and model.",
            "key": _KEY,
            "kind": self._model.kind,
            "names": list(self._model.names),
            "x": self._x.tolist(),
            "y": self._y.tolist(),
            "range": {"x": across, "y": _widened(self._y, 0.3)},
            "across": np.linspace(across[0], across[1], _CURVE_POINTS).tolist(),
            "tiny": self._tiny,
            "typical": steepest / 2 if steepest > self._tiny else 1.0,
            "reach": reach,
            "step": _round_step(reach),
            "most_rate": most_rate,
            "rate_step": _round_step(most_rate),
            # In one picture of the machine's run.
            "steps": 1 if self._model.kind == "line" else 5,
        }

    def _fresh_run(self, loss: float | None) -> dict[str, Any]:
        return {
            "kept": [0.0] * len(self._start),
            "losses": [loss],
            "path": [self._start],
            "movers": ["start"],
            "race": race_data([loss or 0.0], ["start"]),
            "stopped": "",
        }

    def _gradient_and_loss(self) -> tuple[list[float], float]:
        answer = self.answers[0]
        assert answer.loss is not None
        assert answer.gradient is not None
        return list(answer.gradient), answer.loss

    def _ask(self, weights: Sequence[float]) -> list[LossAnswer]:
        return [
            ask_loss(self._model, self._x, self._y, weights, engine) for engine in self._engines
        ]

    def _follow(self, message: str | int) -> None:
        """Do what a button asks for, a number of steps or a reset, and say when it is done."""
        if isinstance(message, int):
            self._descend(message)
        else:
            self.reset()
        self.send(self.stopped)

    def _descend(self, count: int) -> list[float]:
        """Take up to `count` steps; `stopped` says why there were fewer.

        Returns the weights that were refused because their loss is too large, if there are any.
        """
        weights, kept, gradient, stopped = self.weights, self.kept, self.gradient, ""
        refused: list[float] = []
        path, losses = [*self.path], [*self.losses]
        for _ in range(count):
            held = [
                slope + (old if self.forget_zero else 0.0)
                for slope, old in zip(gradient, kept, strict=True)
            ]
            moved = [
                weight - self.learning_rate * slope
                for weight, slope in zip(weights, held, strict=True)
            ]
            answer = ask_loss(self._model, self._x, self._y, moved, self._engines[0])
            assert answer.loss is not None
            assert answer.gradient is not None
            if not answer.loss <= _LOSS_LIMIT:
                refused, stopped = moved, "too large"
                break
            if len(losses) > _MOST_MOVES:
                stopped = "too many"
                break
            stopped = "arrived" if abs(answer.loss - losses[-1]) < _ARRIVED_BELOW else ""
            weights, kept, gradient = moved, held, list(answer.gradient)
            path.append(weights)
            losses.append(answer.loss)
        movers = [*self.movers, *[MACHINE] * (len(losses) - len(self.losses))]
        self._set(
            weights=weights, kept=kept, path=path, losses=losses, movers=movers, stopped=stopped
        )
        return refused

    def _set(self, **state: Any) -> None:
        """Change traits that belong together, so that nobody sees half of the change."""
        with self.hold_sync(), self.hold_trait_notifications():
            for name, value in state.items():
                setattr(self, name, value)

    def _answer(self, _: object) -> None:
        answers = self._ask(self.weights)
        self._set(answers=answers, message=describe_loss_answers(answers))
        # The browser sends its moves along; without one, the weights were set from Python.
        if self.path[-1] != self.weights:
            self._set(
                path=[*self.path, self.weights],
                losses=[*self.losses, answers[0].loss],
                movers=[*self.movers, HAND],
                stopped="",
            )

    def _describe_moves(self, change: Any) -> None:
        old, new = self._cleaned(change["old"]), self._cleaned(change["new"])
        self._moved = describe_moves(old, new, self.movers, self.forget_zero)
        self.race = race_data(new, self.movers)
        self._say()

    def _say(self, _: object = None) -> None:
        losses = self._cleaned(self.losses)
        is_reached = self.goal_loss is not None and losses[-1] <= self.goal_loss
        reached = f"✓ Goal reached after {count_moves(len(losses) - 1)}." if is_reached else ""
        said = [reached, self._moved, describe_stop(self.stopped)]
        if not any(said):
            said = [INVITATION]
        weights = describe_weights(self._model, self.weights)
        self._set(
            note=" ".join(filter(None, [*said, self.before])),
            words=f"{self._x.size} points and the model {self._model.formula} with {weights}. "
            + describe_run(losses, self.movers),
        )

    def _cleaned(self, numbers: Sequence[float]) -> list[float]:
        """`numbers` in which what rounding leaves of a zero is a zero."""
        return [0.0 if abs(number) < self._tiny else number for number in numbers]

    def _answers_data(self, answers: Sequence[LossAnswer]) -> dict[str, Any]:
        """The answers for the browser: a table of texts, as JSON has no NaN and no infinity."""
        names = self._model.names
        columns = [
            ["—"] * (1 + len(names))
            if answer.loss is None
            else [
                format_number(number, 8)
                for number in self._cleaned([answer.loss, *(answer.gradient or ())])
            ]
            for answer in answers
        ]
        headings = ["loss", *(f"gradient of {name}" for name in names)]
        return {
            "weights": list(answers[0].weights),
            "rows": [
                ["engine", *(answer.engine for answer in answers)],
                *([heading, *cells] for heading, *cells in zip(headings, *columns, strict=True)),
            ],
        }

    @traitlets.validate("weights")
    def _check_weights(self, proposal: Any) -> list[float]:
        return self._checked_weights(proposal["value"])

    @traitlets.validate("learning_rate")
    def _check_rate(self, proposal: Any) -> float:
        return _checked_rate(proposal["value"])

    def _checked_weights(self, weights: Any) -> list[float]:
        """`weights` as floats.

        Raises:
            ValueError: they are not one finite number per weight, or the loss there is too large.
        """
        names = self._model.names
        checked = read_row(weights, "weights").tolist()
        if len(checked) != len(names):
            raise ValueError(
                f"weights must be {len(names)} numbers, for {', '.join(names)}; got {len(checked)}."
            )
        loss = ask_loss(self._model, self._x, self._y, checked, self._engines[0]).loss
        if loss is not None and not loss <= _LOSS_LIMIT:
            raise ValueError(
                f"the loss would be {format_number(loss, 3)}, which is too large to go on; choose "
                "smaller weights, or a smaller learning rate and reset()."
            )
        return checked


def _read_points(x: Any, y: Any) -> tuple[Numbers, Numbers]:
    inputs, targets = read_row(x, "x", fewest=2), read_row(y, "y", fewest=2)
    if inputs.size != targets.size:
        raise ValueError(
            f"x and y must have one number per point; x has {inputs.size} and y has {targets.size}."
        )
    if inputs.size > _MOST_POINTS:
        raise ValueError(f"at most {_MOST_POINTS} points can be shown; got {inputs.size}.")
    if np.ptp(inputs) == 0:
        raise ValueError("x must hold two different numbers at least, or no model can be fitted.")
    return inputs, targets


def _choose_model(model: str, hidden: int) -> SmallModel:
    if model == "line":
        return make_line()
    if model != "network":
        raise ValueError(f'model must be "line" or "network"; got {model!r}.')
    if hidden not in _HIDDEN_SIZES:
        raise ValueError(f"hidden must be 2, 3 or 4, or there are too many knobs; got {hidden!r}.")
    return make_network(hidden)


def _first_weights(model: SmallModel, weights: Sequence[float] | None) -> Sequence[float]:
    """The given weights; else 0 for a line, and for a network numbers that differ.

    Units that begin alike get the same gradients for ever.
    """
    if weights is not None:
        return weights
    if model.kind == "line":
        return [0.0, 0.0]
    return [*np.random.default_rng(0).normal(0, 0.7, len(model.names) - 1).round(2), 0.0]


def _reach(model: SmallModel, x: Numbers, y: Numbers, start: Sequence[float]) -> float:
    """How far the knobs turn to both sides: so that the best line is well within."""
    best = np.polyfit(x, y, 1) if model.kind == "line" else [2.5]
    widest = max(1.0, *(abs(float(weight)) for weight in [*best, *start]))
    return float(math.ceil(1.5 * widest))


def _round_step(most: float) -> float:
    """A power of ten that fits about fifty to five hundred times between 0 and `most`."""
    return float(f"1e{math.floor(math.log10(most / 50))}")


def _tiny(x: Numbers, y: Numbers) -> float:
    """The size below which a loss or a slope is what rounding leaves of a zero."""
    return _ROUNDING * max(1.0, float(np.abs(x).max())) * (float(np.abs(y).max()) or 1.0)


def _widened(numbers: Numbers, part: float) -> list[float]:
    """The ends of an axis: those of the numbers and a margin."""
    margin = part * float(np.ptp(numbers)) or 1.0
    return [float(numbers.min()) - margin, float(numbers.max()) + margin]


def _largest_rate(model: SmallModel, x: Numbers) -> float:
    """The end of the learning rate's slider: well beyond where descent diverges.

    The loss of a line is a parabola, whose steepest curvature is known: with a learning rate of 2
    divided by it, a step lands as high on the other side. A network's outer weights obey the same
    rule, with inputs that are at most 1 in size.
    """
    inputs = [x, np.ones_like(x)]
    if model.kind == "network":
        inputs = [np.ones_like(x)] * (len(model.names) // 3 + 1)
    design = np.stack(inputs, axis=1)
    curvature = float(np.linalg.eigvalsh(2 * design.T @ design / x.size)[-1])
    return float(f"{1.5 * 2 / curvature:.1g}")


def _checked_rate(rate: Any) -> float:
    """`rate` as a float.

    Raises:
        ValueError: it is not a number above 0.
    """
    if not (is_number(rate) and rate > 0):
        raise ValueError(f"learning_rate must be a number above 0; got {rate!r}.")
    return float(rate)
