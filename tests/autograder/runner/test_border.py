"""The border lets plain data through unchanged, and refuses everything else."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.runner.border import (
    LARGEST_BODY,
    LARGEST_HEADER,
    LENGTHS,
    BorderError,
    message_to_reply,
    receive,
    reply_to_message,
    send,
)
from autograder.runner.plain import Opaque, PlainTensor, Unanswered
from autograder.runner.reply import Raised, Returned, TimedOut, Unaskable

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return (
            type(other) is np.ndarray
            and one.dtype == other.dtype
            and one.shape == other.shape
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, PlainTensor):
        about = (one.library, one.dtype, one.device) == (other.library, other.dtype, other.device)
        return about and same(one.values, other.values)
    if isinstance(one, (list, tuple)):
        pairs = zip(one, other, strict=True)
        return isinstance(other, list) and all(same(a, b) for a, b in pairs)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and repr(one) == repr(other)


dtypes = st.sampled_from(["b1", "i1", "u1", "i2", "i4", "i8", "f2", "f4", "f8", "c8", "c16", ">f8"])
some_arrays = dtypes.flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, min_side=0, max_side=3))
).map(lambda array: array.astype(array.dtype.newbyteorder("<")))
tensors = st.builds(
    PlainTensor,
    st.sampled_from(["torch", "chalkgrad", "numpy"]),
    st.text(max_size=5),
    st.sampled_from(["cpu", "cuda"]),
    some_arrays,
)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    text,
    some_arrays,
    tensors,
    st.builds(Unanswered),
    st.builds(Opaque, text),
)
plain = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3)
)


@given(plain)
def test_plain_data_crosses_unchanged(data: Any) -> None:
    one, other = socket.socketpair()
    with one, other:
        send(one, {"data": data})
        assert same(data, receive(other)["data"])


@pytest.mark.parametrize(
    "reply",
    [
        Returned([1.0]),
        Raised("ValueError", "no", "line 1: x"),
        Unaskable("Expected a function."),
        TimedOut(5.0),
    ],
)
def test_replies_cross_unchanged(reply: Any, pair: Pair) -> None:
    send(pair[0], reply_to_message(reply))
    assert message_to_reply(receive(pair[1])) == reply


def frame(header: Any, body: bytes = b"") -> bytes:
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    return LENGTHS.pack(len(data), len(body)) + data + body


def one_array(**changes: Any) -> Any:
    array = {"$": "array", "type": "<f8", "shape": [1], "start": 0, **changes}
    return {"$": "dict", "items": [["a", array]]}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(frame(b"not json"), id="not JSON"),
        pytest.param(frame(b"[" * 100_000), id="nested without end"),
        pytest.param(frame([1, 2]), id="no message"),
        pytest.param(frame({"$": "pickle", "data": "cos"}), id="a tag of its own"),
        pytest.param(frame(one_array(type="|O"), bytes(8)), id="an array of objects"),
        pytest.param(frame(one_array(shape=[2]), bytes(8)), id="an array past the frame"),
        pytest.param(frame(one_array(shape=[-1]), bytes(8)), id="a negative length"),
        pytest.param(frame(one_array(shape=[2**40, 2**40]), bytes(8)), id="a huge shape"),
        pytest.param(frame(one_array(start=-8), bytes(8)), id="a negative start"),
        pytest.param(frame(b"9" * 10_000), id="a number of ten thousand digits"),
        pytest.param(LENGTHS.pack(LARGEST_HEADER + 1, 0), id="a header too long"),
        pytest.param(LENGTHS.pack(2, LARGEST_BODY + 1), id="a body too long"),
    ],
)
def test_a_malformed_frame_is_refused(data: bytes, pair: Pair) -> None:
    pair[0].sendall(data)
    pair[0].shutdown(socket.SHUT_WR)
    with pytest.raises(BorderError):
        receive(pair[1])


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_no_bytes_do_more_than_be_refused(header: bytes, body: bytes) -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(frame(header, body))
        one.shutdown(socket.SHUT_WR)
        try:
            message = receive(other)
        except BorderError:
            return
        assert isinstance(message, dict)


@pytest.mark.parametrize(
    "message",
    [
        {"reply": "Returned"},
        {"reply": "Returned", "data": 1, "points": 9},
        {"reply": "Verdict", "points": 9},
        {"reply": "Raised", "error": ["ValueError"], "message": "", "where": ""},
        {"data": 14.0},
        {"reply": "Returned", "data": [np.zeros(3)]},
        {"reply": "TimedOut", "seconds": "soon"},
        {"reply": "TimedOut", "seconds": True},
        {"reply": "Died", "reason": "so it says"},
        {"reply": "Unaskable", "sentence": 3},
        {"reply": "Unaskable", "sentence": "a", "points": "9"},
    ],
)
def test_what_is_no_reply_is_refused(message: dict[str, Any]) -> None:
    with pytest.raises(BorderError):
        message_to_reply(message)


def test_a_closed_connection_is_an_end_of_file(pair: Pair) -> None:
    pair[0].close()
    with pytest.raises(EOFError):
        receive(pair[1])


def test_text_that_no_file_could_hold_becomes_text(pair: Pair) -> None:
    send(pair[0], {"message": "half \ud800 a pair", "\ud800": 1})
    assert receive(pair[1]) == {"message": "half ? a pair", "?": 1}
