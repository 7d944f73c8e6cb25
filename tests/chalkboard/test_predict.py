"""Predict from Python: its stages, what it tells when, and what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from traitlets import TraitError

from chalkboard import Choice, Number, Predict, predictions

NUMBER = Number(
    "What is `x.grad` the second time?",
    answer=28,
    because="Backward adds.",
    wrong={14: "That would be replacing."},
)
CHOICE = Choice(
    "Does the loop need a reset?",
    right="No",
    because="Each leaf is new.",
    wrong={"Yes": "Where does the slope stand?"},
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder for the predictions of one test."""
    monkeypatch.setenv("CHALK_HOME", str(tmp_path))


def told(prediction: Predict) -> str:
    """All that has left Python."""
    bundle = prediction._repr_mimebundle_()
    assert bundle is not None
    return f"{prediction.get_state()} {bundle}"


def words(reply: Any) -> str:
    return "\n".join("".join(span["text"] for span in block["spans"]) for block in reply["words"])


def test_nothing_is_told_before_the_prediction_is_compared() -> None:
    """A prediction made with the explanation in sight is none."""
    prediction = Predict("p", [NUMBER, CHOICE])
    secrets = ("Backward adds", "Each leaf is new", "replacing", "Where does the slope")
    assert [secret for secret in secrets if secret in told(prediction)] == []
    prediction.chosen = ["14", "No"]
    prediction.stage = "predicted"
    assert prediction.replies == [None, None]
    assert [secret for secret in secrets if secret in told(prediction)] == []
    prediction.stage = "compared"
    replies: list[Any] = prediction.replies
    number, choice = replies
    assert number["sign"] == "✗ It comes differently:"
    assert words(number) == "28\nYou predicted 14. That would be replacing.\nBackward adds."
    assert choice["sign"] == "✓ As you predicted:"
    assert words(choice) == "No\nEach leaf is new."


def test_a_prediction_that_nobody_foresaw_is_answered_without_a_hint() -> None:
    """An author cannot think of every number that is typed."""
    prediction = Predict("p", NUMBER, then="")
    prediction.chosen = ["5"]
    prediction.stage = "predicted"  # there is nothing to run in between
    assert prediction.stage == "compared"
    assert words(prediction.replies[0]) == "28\nBackward adds."


def test_what_is_no_number_is_said_and_the_prediction_stays_open() -> None:
    """A slip of the finger is no prediction, and must not use it up."""
    prediction = Predict("p", NUMBER)
    prediction.chosen = ["many"]
    prediction.stage = "predicted"
    assert prediction.stage == "open"
    assert words(prediction.replies[0]).startswith("many is not a number.")


def test_the_stage_comes_back_and_can_be_forgotten() -> None:
    """Who comes back the next day goes on where they stopped."""
    prediction = Predict("p", [NUMBER, CHOICE])
    prediction.chosen = ["14", "Yes"]
    prediction.stage = "predicted"
    again = Predict("p", [NUMBER, CHOICE])
    assert (again.stage, again.chosen, again.replies) == ("predicted", ["14", "Yes"], [None, None])
    again.stage = "compared"
    assert Predict("p", [NUMBER, CHOICE]).replies == again.replies
    # A question that was added has no prediction yet.
    added = Choice("New?", right="a", because="b", wrong={"c": "d"})
    assert Predict("p", [NUMBER, added]).stage == "open"
    again.stage = "open"
    assert Predict("p", [NUMBER, CHOICE]).chosen == ["", ""]


def test_comparing_without_a_prediction_is_refused() -> None:
    """A lesson's cell must not open the explanation by mistake."""
    prediction = Predict("p", [NUMBER, CHOICE])
    prediction.chosen = ["14", ""]
    with pytest.raises(ValueError, match="Set `chosen` to a prediction for each question first"):
        prediction.stage = "compared"
    with pytest.raises(TraitError):
        prediction.stage = "done"
    with pytest.raises(ValueError, match=r"There is no prediction .b. here\. Known: a\."):
        predictions({"a": NUMBER})("b")
