"""Questions, their judging and keeping, and Quiz from Python: also what it does not give away."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from chalkboard import Choice, Choices, Number, Quiz, Text, quizzes
from chalkboard.questions.judging import judge
from chalkboard.questions.keeping import keep, recall
from chalkboard.questions.passages import passage_html, read_line, read_passage
from chalkboard.questions.vocabulary import Question

CHOICE = Choice(
    "What does `backward` do?",
    right="It fills `x.grad`.",
    because="It walks back.",
    wrong={"It changes `x`.": "No: `x` changes when you step.", "Nothing.": "Look at `x.grad`."},
)
CHOICES = Choices(
    "Which are leaves?",
    right=("`x`", "`w`"),
    because="Nobody calculated them.",
    wrong={"`x * w`": "A product was calculated.", "`x + w`": "A sum was calculated."},
)
NUMBER = Number(
    "How steep is x² at 7?",
    answer=14,
    because="It is 2x.",
    wrong={49: "That is the height."},
    hint="How does x² grow?",
    within=0.01,
)
TEXT = Text("Its name?", answer="leaf", also=("leaf node",), because="As on a tree.")
QUESTIONS = (CHOICE, CHOICES, NUMBER, TEXT)
REASONS = [question.because for question in QUESTIONS]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the answers of one test."""
    monkeypatch.setenv("CHALK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def outcomes(quiz: Quiz) -> list[str]:
    replies: list[Any] = quiz.replies
    return [reply["outcome"] for reply in replies]


@pytest.mark.parametrize(
    ("count", "wanted"),
    [
        (1, "answer. Try"),
        (2, "answer to both questions. Try"),
        (3, "answer to all 3 questions. Try"),
    ],
)
def test_the_goal_is_said_as_one_says_it(count: int, wanted: str) -> None:
    """It is the first sentence that a learner reads here."""
    assert f"Find the right {wanted}" in Quiz("goals", QUESTIONS[:count]).goal


@pytest.mark.parametrize(
    ("question", "answer", "outcome", "words"),
    [
        (CHOICE, "It fills `x.grad`.", "right", "It walks back."),
        (CHOICE, "Nothing.", "wrong", "Look at `x.grad`."),
        (CHOICES, ["`w`", "`x`"], "right", "Nobody calculated them."),
        (CHOICES, ["`x`"], "wrong", "What you chose is right, and there is more to choose."),
        (CHOICES, ["`x`", "`w`", "`x + w`"], "wrong", "A sum was calculated."),
        (NUMBER, "14.009", "right", "It is 2x."),
        (NUMBER, "28/2", "right", "It is 2x."),
        (NUMBER, "1,4e1", "right", "It is 2x."),
        (NUMBER, "14.02", "wrong", "How does x² grow?"),
        (NUMBER, "49", "wrong", "That is the height."),
        (NUMBER, "nan", "unclear", "`nan` is not a number. Type one such as 14, -0.5 or 1/3."),
        (NUMBER, "1/0", "unclear", "`1/0` is not a number. Type one such as 14, -0.5 or 1/3."),
        (TEXT, " LEAF  Node. ", "right", "As on a tree."),
        (TEXT, "root", "wrong", "That is not it. Look again, and have another try."),
    ],
)
def test_each_answer_gets_its_own_reply(
    question: Question, answer: Any, outcome: str, words: str
) -> None:
    """A right answer that is refused, or a hint to another mistake, costs a learner's trust."""
    reply = judge(question, answer)
    assert (reply.outcome, reply.words) == (outcome, words)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Choice(" ", right="a", because="b", wrong={"c": "d"}), "A question is empty"),
        (lambda: Choice("q", right="a", because="", wrong={"c": "d"}), "`because` is empty"),
        (lambda: Choice("q", right="a", because="b", wrong={}), "give it a wrong answer too"),
        (lambda: Choice("q", right="a", because="b", wrong={"c": ""}), "'c' needs a hint"),
        (lambda: Choice("q", right="a", because="b", wrong={"a": "d"}), "two of its answers are"),
        (lambda: Choices("q", right="a", because="b", wrong={"c": "d"}), 'write right=\\("one"'),
        (lambda: Number("q", answer=1, because="b", wrong={1: "d"}), "right and wrong at once"),
        (lambda: Number("q", answer=float("nan"), because="b"), "must be a finite number"),
        (lambda: Text("q", answer="a", because="b", wrong={"A": "d"}), "right and wrong at once"),
        (lambda: Quiz("q", []), "has no question"),
        (lambda: Quiz("../q", [TEXT]), "An id is up to 80 letters"),
        (lambda: Quiz("q", [TEXT, TEXT]), "asks 'Its name\\?' twice"),
        (lambda: quizzes({"a": [TEXT]})("b"), "There is no quiz 'b' here. Known: a."),
    ],
)
def test_an_authors_slip_is_named(make: Any, sentence: str) -> None:
    """An author learns of it in the cell, and not from a student."""
    with pytest.raises(ValueError, match=sentence):
        make()


def test_nothing_that_is_right_leaves_python_before_it_was_found() -> None:
    """Whoever opens the notebook's file or the page's source must not find the answers."""
    quiz = Quiz("q", QUESTIONS)
    bundle = quiz._repr_mimebundle_()
    assert bundle is not None

    def what_left() -> str:
        return f"{quiz.get_state()} {bundle} {quiz!r}"

    secrets = (*REASONS, "leaf node", "That is the height.", "Look at `x.grad`.")
    assert [secret for secret in secrets if secret in what_left()] == []
    quiz.checked = ["", [], "14", ""]
    assert "It is 2x." in what_left()
    assert [reason for reason in REASONS if reason in what_left()] == ["It is 2x."]


def test_the_order_of_options_tells_nothing_and_stays() -> None:
    """The right one is written first; shown first each time, it would be found without reading."""
    places = {
        [option["value"] for option in Quiz(f"q{n}", [CHOICE]).questions[0]["options"]].index(
            CHOICE.right
        )
        for n in range(20)
    }
    assert places == {0, 1, 2}
    assert Quiz("q", [CHOICE]).questions == Quiz("q", [CHOICE]).questions


def test_answers_come_back_to_their_questions(home: Path) -> None:
    """The next day a question may stand elsewhere, or be another: each answer finds its own."""
    Quiz("q", QUESTIONS).checked = ["Nothing.", ["`x`"], "49", "leaf"]
    again = Quiz("q", [TEXT, NUMBER, CHOICES])
    assert again.checked == again.chosen == ["leaf", "49", ["`x`"]]
    assert outcomes(again) == ["right", "wrong", "wrong"]
    changed = Choice(CHOICE.question, right="Yes.", because="b", wrong={"No.": "d"})
    assert Quiz("q", [changed]).checked == [""]
    again.checked = ["", "", []]
    # What was taken back is gone; what belongs to a question that is not here now is not.
    assert list(json.loads((home / "quiz" / "q.json").read_text())["answers"].values()) == [
        "Nothing."
    ]


def test_what_is_chosen_and_not_checked_yet_stays() -> None:
    """Who checks the first question must not lose what they have just chosen in the second."""
    quiz = Quiz("q", QUESTIONS)
    quiz.chosen = ["", ["`x`"], "5", ""]
    quiz.checked = ["Nothing.", [], "", ""]
    assert quiz.chosen == ["Nothing.", ["`x`"], "5", ""]
    assert list(recall("quiz", "q").answers.values()) == ["Nothing."]


def test_two_open_notebooks_do_not_lose_each_others_answers() -> None:
    """The second to answer must not write over what the first has answered since."""
    keep("quiz", "q", {"first": "a"})
    here, there = Quiz("q", [NUMBER]), Quiz("q", [TEXT])
    here.checked = ["14"]
    there.checked = ["leaf"]
    assert list(recall("quiz", "q").answers.values()) == ["a", "14", "leaf"]


@pytest.mark.parametrize("text", ["{", "[1]", '{"answers": 3}', "\udcff"])
def test_a_damaged_file_is_set_aside_and_said_so(home: Path, text: str) -> None:
    """Answers that cannot be read may still be mended by hand, if nobody writes over them."""
    path = home / "quiz" / "q.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode(errors="surrogateescape"))
    quiz = Quiz("q", [TEXT])
    assert "was damaged; it was set aside as" in quiz.message
    (aside,) = path.parent.glob("*.unreadable")
    assert aside.read_bytes() == text.encode(errors="surrogateescape")
    quiz.checked = ["leaf"]
    assert quiz.message == ""
    assert Quiz("q", [TEXT]).checked == ["leaf"]


def test_where_nothing_can_be_kept_the_quiz_still_answers(home: Path) -> None:
    """On a machine with a home that is read-only, one sentence is enough."""
    home.parent.mkdir(exist_ok=True)
    home.write_text("a file where the folder should be")
    quiz = Quiz("q", [TEXT])
    quiz.checked = ["leaf"]
    assert outcomes(quiz) == ["right"]
    assert quiz.message.startswith("Your answers cannot be kept in ")


def test_a_file_is_never_half_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut in the middle of writing must leave yesterday's answers."""
    keep("quiz", "q", {"first": "a"})

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    assert "No space left on device" in keep("quiz", "q", {"first": "b"})
    assert recall("quiz", "q").answers == {"first": "a"}
    assert [path.name for path in (home / "quiz").iterdir()] == ["q.json"]


@pytest.mark.parametrize(
    "answers", [["Nothing."], ["Something.", [], "", ""], ["", ["`y`"], "", ""], ["", [], 14, ""]]
)
def test_answers_that_do_not_fit_are_refused(answers: list[Any]) -> None:
    """A typing error in a lesson's cell must not look like a wrong answer."""
    with pytest.raises(ValueError, match=r"(answer must be|one answer per question)"):
        Quiz("q", QUESTIONS).checked = answers


def test_words_without_a_kernel() -> None:
    """GitHub and nbconvert show the questions, and what was answered."""
    quiz = Quiz("q", QUESTIONS)
    quiz.checked = ["", ["`x`"], "49", ""]
    bundle = quiz._repr_mimebundle_()
    assert bundle is not None
    assert (
        "How steep is x² at 7?\nAnswer: 49\n✗ Not yet. That is the height."
        in bundle[0]["text/plain"]
    )
    assert "<li>☑ <code>x</code></li>" in bundle[0]["text/html"]


def test_marks_in_a_text_become_data_and_nothing_else_does() -> None:
    """A product must keep its stars, and an angle bracket must not become markup."""
    assert read_line("a `x * y` is *not* 2*3*4 <b> or 2 * 3 * 4") == [
        {"kind": "words", "text": "a "},
        {"kind": "code", "text": "x * y"},
        {"kind": "words", "text": " is "},
        {"kind": "stress", "text": "not"},
        {"kind": "words", "text": " 2*3*4 <b> or 2 * 3 * 4"},
    ]
    blocks = read_passage("One\nline.\n\n```python\nif x:\n    y\n```\nAfter <it>.")
    assert passage_html(blocks) == (
        "<p>One line.</p><pre><code>if x:\n    y</code></pre><p>After &lt;it&gt;.</p>"
    )
