"""An answer in a notebook gets an immediate, specific reply."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.check import InThisKernel, NotebookReply, checker, modules_used
from autograder.exercise import Exercise, ExerciseError, Mistake, Question
from autograder.judge import Limits, judge
from autograder.runner import asks
from autograder.runner.reply import Reply, Returned
from autograder.verdict import NOT_COMPARED


def f(x: Any) -> Any:
    return (x - 3) * (x - 6) * (x - 4)


def right(x: float) -> float:
    return 3 * x**2 - 26 * x + 54


def slope(x: float, device: str = "cpu") -> float:
    at = torch.tensor(x, dtype=torch.float64, device=device)
    return torch.func.grad(f)(at).item()


def uphill(x: float) -> float:
    return -right(x)


NUMBERS = (st.integers(-50, 50).map(float),)
SLOPE = Exercise(
    "slope",
    "The slope",
    minutes=3,
    difficulty=1,
    questions=(Question("anywhere", ask=asks.call, inputs=NUMBERS, expect=slope, points=2),),
    mistakes=(
        Mistake("The slope is the height.", lambda: f, "That is how high the curve is."),
        Mistake("Down is positive.", lambda: uphill, "Look at the sign."),
    ),
)
PREDICTION = Exercise(
    "prediction",
    "A prediction",
    minutes=1,
    difficulty=1,
    questions=(
        Question(
            "the slope at 5",
            ask=asks.number,
            expect=lambda device: slope(5.0, device),
            shows_expected=False,
        ),
    ),
)
DOUBLED = Exercise(
    "doubled",
    "Twice a tensor",
    minutes=1,
    difficulty=1,
    questions=(
        Question(
            "any tensor",
            ask=asks.call_with_tensors,
            inputs=(st.lists(st.integers(0, 9).map(float), min_size=1, max_size=3),),
            expect=lambda x, device: torch.tensor(x, device=device) * 2,
        ),
    ),
)
BY_HAND = Exercise(
    "by-hand",
    "Without torch",
    minutes=3,
    difficulty=2,
    questions=SLOPE.questions,
    without=frozenset({"torch"}),
)
check = checker((SLOPE, PREDICTION, DOUBLED, BY_HAND))


def words(reply: NotebookReply) -> str:
    page = re.sub(r"</?code>", "", reply._repr_mimebundle_()["text/html"])
    text = re.sub(r"<[^>]+>", " ", page)
    return re.sub(r"\s+", " ", html.unescape(text))


def loops(x: float) -> float:
    while True:
        x += 1


def divides_by_zero(x: float) -> float:
    return 1 / (x - x)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (f, "Hint: That is how high the curve is."),
        (uphill, "Hint: Look at the sign."),
        (lambda x: right(x) + (x > 7), "smallest input found 8.0 expected 38.0 got 39.0"),
        (lambda x: str(right(x)), "Write the number without quotation marks."),
        (lambda x: None, "Is a return missing"),
        (lambda x: torch.tensor(right(x)), ".item() makes a Python number"),
        (lambda x: [right(x)], "Expected a number, got a list or tuple."),
        (divides_by_zero, "Your code raised ZeroDivisionError: float division by zero"),
        (lambda x, y: x, "Your code raised TypeError"),
        (14.0, "Expected a function, got 14.0."),
    ],
)
def test_each_wrong_answer_gets_its_own_sentence(answer: object, said: str) -> None:
    reply = check("slope", answer)
    assert not reply.verdict.right
    assert said in words(reply)


def test_an_answer_that_never_ends_is_told_so() -> None:
    quick = Limits(seconds_per_case=0.3)
    verdict = judge(SLOPE, InThisKernel(loops), seed=0, limits=quick, devices=("cpu",))
    assert verdict.questions[0].outcome == "too slow"
    assert "Does a loop never end" in verdict.questions[0].sentence


def test_an_answer_that_swallows_its_deadline_is_too_slow_all_the_same() -> None:
    def stubborn(x: float) -> float:
        ends = time.monotonic() + 0.5
        while time.monotonic() < ends:
            try:
                while time.monotonic() < ends:
                    pass
            except BaseException:
                pass
        return right(x)

    quick = Limits(seconds_per_case=0.2)
    verdict = judge(SLOPE, InThisKernel(stubborn), seed=0, limits=quick, devices=("cpu",))
    assert verdict.questions[0].outcome == "too slow"


def test_an_answer_that_always_hangs_is_waited_for_once() -> None:
    quick = Limits(seconds_per_case=0.2)
    twice = Exercise("e", "E", 1, 1, (*SLOPE.questions, *SLOPE.questions))
    port = Recorder(loops)
    hanging = InThisKernel(loops)

    class Counting:
        def ask(self, question: Question, inputs: Any, device: str, seconds: float) -> Reply:
            port.asked.append((inputs, device))
            return hanging.ask(question, inputs, device, seconds)

    verdict = judge(twice, Counting(), seed=0, limits=quick, devices=("cpu",))
    assert [question.outcome for question in verdict.questions] == ["too slow", "too slow"]
    assert len(port.asked) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda x: list(range(10**6)), "list with 1000000 items"),
        (lambda x: torch.zeros(10**8), "torch tensor with 100000000 elements"),
        (lambda x: torch.zeros(2, device="meta"), "on the meta device, which holds no values"),
    ],
)
def test_what_is_too_large_or_empty_is_named_and_not_looked_at(answer: Any, said: str) -> None:
    assert said in words(check("slope", answer))


@pytest.mark.parametrize("unanswered", [..., lambda x: ..., lambda x: 2 * (... + x)])
def test_the_stub_is_not_answered_yet(unanswered: Any) -> None:
    reply = check("slope", unanswered)
    assert repr(reply) == "0.0"
    assert "not answered yet" in words(reply)
    assert "✗" not in words(reply)


def test_a_right_answer_is_right_and_says_what_was_compared() -> None:
    reply = check("slope", right)
    assert repr(reply) == "2.0"
    assert "right (25 cases)" in words(reply)
    assert "cpu: compared" in words(reply)
    if not torch.cuda.is_available():
        assert f"cuda: {NOT_COMPARED}" in words(reply)


def test_the_wrong_shape_and_dtype_have_their_own_sentences() -> None:
    assert "dtype float32, got dtype float64" in words(check("doubled", lambda x: x.double() * 2))
    assert "Expected shape [1], got shape []" in words(check("doubled", lambda x: x[0] * 2))


def test_a_prediction_does_not_give_its_answer_away() -> None:
    reply = words(check("prediction", -2))
    assert "-2 is not right." in reply
    assert "-1" not in reply
    assert check("prediction", torch.tensor(-1.0)).verdict.right


def test_the_reply_is_one_number_to_nbgrader() -> None:
    assert float(check("slope", right)._repr_mimebundle_()["text/plain"]) == SLOPE.points


def test_an_answer_that_prints_and_warns_adds_nothing_to_the_cell(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def chatty(x: float) -> float:
        print("at", x)
        torch.tensor(1.0, requires_grad=True).clone().grad  # noqa: B018 - warns
        return right(x)

    assert check("slope", chatty).verdict.right
    assert capfd.readouterr() == ("", "")


def test_what_a_student_wrote_is_escaped_in_the_page() -> None:
    reply = check("slope", lambda x: "<script>alert(1)</script>")
    assert "<script>" not in reply._repr_mimebundle_()["text/html"]


def test_an_unknown_exercise_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no exercise 'slop' here. Known: by-hand, doubled, pred"):
        check("slop", right)


def test_an_answer_that_changes_its_input_does_not_change_the_question() -> None:
    def greedy(x: Any) -> Any:
        return x.mul_(2)

    assert check("doubled", greedy).verdict.right


def uses_torch(x: float) -> float:
    return torch.tensor(right(x)).item()


def test_a_from_scratch_answer_that_uses_torch_is_told_so() -> None:
    assert "to be done without torch" in words(check("by-hand", uses_torch))
    assert check("by-hand", right).verdict.right


class UsesTorchInside:
    def method(self) -> Any:
        def inner() -> Any:
            import torch.nn

            return torch.nn

        return inner


@pytest.mark.parametrize("answer", [uses_torch, UsesTorchInside])
def test_the_modules_an_answer_names_are_found(answer: object) -> None:
    assert "torch" in modules_used(answer)
    assert "torch" not in modules_used(right)


def test_the_parts_of_an_answer_are_looked_into_however_classes_refer_to_each_other() -> None:
    """Lost, a pair would hide what it uses, and a custom Function would be walked for ever."""

    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x**3

    assert "torch" in modules_used((Cube, lambda x: torch.sin(x)))
    assert "torch" not in modules_used((right, [uphill]))
    assert modules_used(Cube) >= frozenset()


class Recorder:
    """A port that answers rightly and remembers what was asked."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        self.answer = answer
        self.asked: list[tuple[Any, str]] = []

    def ask(self, question: Question, inputs: Any, device: str, seconds: float) -> Reply:
        self.asked.append((inputs, device))
        return Returned(self.answer(*inputs))


def test_the_same_seed_asks_the_same_cases_and_another_seed_others() -> None:
    asked = []
    for seed in (1, 1, 2):
        port = Recorder(right)
        judge(SLOPE, port, seed=seed, devices=("cpu",))
        asked.append(port.asked)
    assert asked[0] == asked[1]
    assert asked[0] != asked[2]


def test_every_device_is_asked_the_same_cases() -> None:
    port = Recorder(right)
    always_on_cpu = partial(slope, device="cpu")
    question = Question(
        "q", ask=asks.call, inputs=NUMBERS, expect=lambda x, device: always_on_cpu(x)
    )
    exercise = Exercise("e", "E", 1, 1, (question,))
    verdict = judge(exercise, port, seed=0, devices=("cpu", "cuda"))
    on = {device: [x for x, where in port.asked if where == device] for device in ("cpu", "cuda")}
    assert on["cpu"] == on["cuda"]
    assert verdict.devices == (("cpu", "compared"), ("cuda", "compared"))


def test_points_are_given_by_question() -> None:
    first = Question("small", ask=asks.call, inputs=(st.just(1.0),), expect=slope, points=1)
    second = Question("large", ask=asks.call, inputs=(st.just(9.0),), expect=slope, points=2)
    exercise = Exercise("e", "E", 1, 1, (first, second))
    reply = checker([exercise])("e", lambda x: right(x) if x < 5 else 0.0)
    assert (reply.verdict.points, reply.verdict.worth) == (1, 3)
    assert [question.outcome for question in reply.verdict.questions] == ["right", "wrong"]


def test_a_mistake_must_match_every_case_to_give_its_hint() -> None:
    same_at_two = Mistake("Wrong only elsewhere.", lambda: lambda x: -8.0 if x == 2 else 0.0, "no")
    exercise = Exercise(
        "e",
        "E",
        1,
        1,
        (Question("q", ask=asks.call, inputs=NUMBERS, examples=((2.0,),), expect=slope),),
        mistakes=(same_at_two, *SLOPE.mistakes),
    )
    verdict = checker([exercise])("e", f).verdict
    assert verdict.questions[0].hint == "That is how high the curve is."


def test_an_error_is_a_known_mistake_only_in_the_same_words() -> None:
    def not_scalar() -> object:
        raise RuntimeError("only for scalar outputs")

    def other_error(x: float) -> float:
        raise RuntimeError("something else")

    mistake = Mistake("Many outputs.", lambda: lambda x: not_scalar(), "Add them up.")
    exercise = Exercise("e", "E", 1, 1, SLOPE.questions, mistakes=(mistake,))
    told = checker([exercise])
    assert "Add them up." in words(told("e", lambda x: not_scalar()))
    assert "Add them up." not in words(told("e", other_error))


def test_a_hint_is_given_once_and_its_code_is_shown_as_code() -> None:
    mistake = Mistake("Height.", lambda: f, "Use `.backward()` here.")
    exercise = Exercise("e", "E", 1, 1, (*SLOPE.questions, *SLOPE.questions), mistakes=(mistake,))
    page = checker([exercise])("e", f)._repr_mimebundle_()["text/html"]
    assert page.count("Hint:") == 1
    assert "<code>.backward()</code>" in page


def test_the_authors_example_is_not_called_the_smallest() -> None:
    question = Question("q", ask=asks.call, inputs=NUMBERS, examples=((2.0,),), expect=slope)
    reply = words(checker([Exercise("e", "E", 1, 1, (question,))])("e", f))
    assert "input 2.0 expected 14.0 got -8.0" in reply
    assert "smallest" not in reply


def test_a_slow_answer_is_not_right_on_the_few_cases_that_it_managed() -> None:
    def slow(x: float) -> float:
        began = time.monotonic()
        while time.monotonic() < began + 0.1:
            pass
        return right(x)

    hurried = Limits(seconds_per_question=0.25)
    verdict = judge(SLOPE, InThisKernel(slow), seed=0, limits=hurried, devices=("cpu",))
    assert verdict.questions[0].outcome == "too slow"
    assert verdict.points == 0


def test_a_number_too_long_to_write_is_still_answered() -> None:
    assert "a whole number of thousands of digits" in words(check("slope", lambda x: 10**5000))


def test_an_authors_faulty_question_is_named() -> None:
    question = Question("q", ask=asks.call, inputs=NUMBERS, expect=lambda x, device: 1 / (x - x))
    with pytest.raises(ExerciseError, match=r"'q': its expect raised ZeroDivisionError .* on cpu"):
        checker([Exercise("e", "E", 1, 1, (question,))])("e", right)


def test_an_ask_that_could_not_enter_the_sandbox_is_refused() -> None:
    with pytest.raises(ExerciseError, match="move it to a module named `asks`"):
        Question("q", ask=lambda answer, device: answer, expect=slope)


def test_arrays_that_fail_after_an_example_that_passes_are_shown() -> None:
    """Lost, the check would raise where it ought to reply: arrays cannot be compared as one."""
    question = Question(
        "arrays",
        ask=asks.call_with_tensors,
        inputs=(arrays.arrays("float32", 3, elements=st.integers(1, 9).map(float)),),
        examples=((np.zeros(3, dtype="float32"),),),
        expect=lambda x, device: torch.tensor(x, device=device) * 2,
    )
    exercise = Exercise("e", "E", 1, 1, (question,))
    verdict = judge(exercise, InThisKernel(lambda x: x * x), seed=1, devices=("cpu",))
    (found,) = verdict.questions
    assert found.outcome == "wrong"
    assert found.case is not None
    assert found.case.is_example is False
