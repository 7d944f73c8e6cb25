"""The border between the trusted side and a student's process: framed, size-capped, pickle-free.

A frame is two lengths, a JSON header and raw bytes. Arrays travel as bytes with a dtype from a
fixed list, and come out as exactly `numpy.ndarray`; every length is checked before memory is
taken. What breaks a rule is a `BorderError`, never code that runs.
"""

from __future__ import annotations

import json
import math
import socket
import struct
import time
from dataclasses import asdict
from typing import Any

import numpy as np

from autograder.runner.plain import Opaque, Plain, PlainTensor, Unanswered
from autograder.runner.reply import (
    LONGEST_MESSAGE,
    Raised,
    Reply,
    Returned,
    TimedOut,
    Unaskable,
)

LENGTHS = struct.Struct(">II")
LARGEST_HEADER = 2**20
LARGEST_BODY = 2**26
ARRAY_TYPES = frozenset(
    [
        "|b1",
        "|i1",
        "|u1",
        "<i2",
        "<u2",
        "<i4",
        "<u4",
        "<i8",
        "<u8",
        "<f2",
        "<f4",
        "<f8",
        "<c8",
        "<c16",
    ]
)
# The replies that are made of words alone, and that a student's process may send.
IN_WORDS = {"Raised": Raised, "Unaskable": Unaskable}


class BorderError(Exception):
    """The other side sent something that is not a well-formed frame."""


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send one message: a dict of plain data, arrays and dicts and lists of these."""
    body = bytearray()
    header = json.dumps(_encode(message, body)).encode()
    if len(header) > LARGEST_HEADER or len(body) > LARGEST_BODY:
        raise BorderError("a message is larger than the border lets through")
    connection.sendall(LENGTHS.pack(len(header), len(body)) + header + body)


def receive(connection: socket.socket, seconds: float | None = None) -> dict[str, Any]:
    """Receive one message, all of it within `seconds` where they are given.

    Raises BorderError, EOFError where the other side is gone, or TimeoutError.
    """
    give_up_at = None if seconds is None else time.monotonic() + seconds
    header_length, body_length = LENGTHS.unpack(_read(connection, LENGTHS.size, give_up_at))
    if header_length > LARGEST_HEADER or body_length > LARGEST_BODY:
        raise BorderError("a frame announced more than the border lets through")
    header = _read(connection, header_length, give_up_at)
    body = memoryview(_read(connection, body_length, give_up_at))
    try:
        message = _decode(json.loads(header), body)
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError, IndexError) as error:
        raise BorderError(f"a frame was malformed ({type(error).__name__})") from error
    if not isinstance(message, dict):
        raise BorderError("a frame held no message")
    return message


def reply_to_message(reply: Reply) -> dict[str, Any]:
    """Turn a reply into a message."""
    if isinstance(reply, Returned):
        return {"reply": "Returned", "data": reply.data}
    return {"reply": type(reply).__name__, **asdict(reply)}


def message_to_reply(message: dict[str, Any]) -> Reply:
    """Turn a message into a reply; raises BorderError where it is none."""
    name = message.get("reply")
    fields = {key: item for key, item in message.items() if key not in ("reply", "number")}
    if name == "Returned" and fields.keys() == {"data"} and not _holds_array(fields["data"]):
        return Returned(fields["data"])
    if name == "TimedOut" and type(fields.get("seconds")) in (int, float) and len(fields) == 1:
        return TimedOut(fields["seconds"])
    words = {key: item[:LONGEST_MESSAGE] for key, item in fields.items() if isinstance(item, str)}
    if name in IN_WORDS and words.keys() == fields.keys() == set(IN_WORDS[name].__annotations__):
        return IN_WORDS[name](**words)
    raise BorderError("a frame held no reply")


def _holds_array(data: Plain) -> bool:
    """Whether a bare array stands in the data: questions may hold one, replies have PlainTensor."""
    if isinstance(data, list):
        return any(_holds_array(item) for item in data)
    if isinstance(data, dict):
        return any(_holds_array(item) for item in data.values())
    return isinstance(data, np.ndarray)


def _read(connection: socket.socket, length: int, give_up_at: float | None) -> bytes:
    data = bytearray()
    while len(data) < length:
        if give_up_at is not None:
            connection.settimeout(max(give_up_at - time.monotonic(), 1e-3))
        piece = connection.recv(min(length - len(data), 2**20))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


def _encode(data: Plain, body: bytearray) -> Any:
    if data is None or isinstance(data, (bool, int, float, str)):
        return data
    if isinstance(data, (list, tuple)):
        return [_encode(item, body) for item in data]
    if isinstance(data, dict):
        return {"$": "dict", "items": [[str(k), _encode(v, body)] for k, v in data.items()]}
    if isinstance(data, complex):
        return {"$": "complex", "real": data.real, "imaginary": data.imag}
    if isinstance(data, np.ndarray):
        return {"$": "array", **_encode_array(data, body)}
    if isinstance(data, PlainTensor):
        about = {"library": data.library, "dtype": data.dtype, "device": data.device}
        return {"$": "tensor", **about, **_encode_array(data.values, body)}
    if isinstance(data, Unanswered):
        return {"$": "unanswered"}
    if isinstance(data, Opaque):
        return {"$": "opaque", "type": data.type_name}
    raise BorderError(f"{type(data).__name__} is not plain data")


def _encode_array(array: np.ndarray, body: bytearray) -> dict[str, Any]:
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    start = len(body)
    body += little.tobytes()
    return {"type": little.dtype.str, "shape": list(array.shape), "start": start}


def _decode(data: Any, body: memoryview) -> Plain:
    if isinstance(data, list):
        return [_decode(item, body) for item in data]
    if isinstance(data, str):
        return _text(data)
    if not isinstance(data, dict):
        return data
    tag = data["$"]
    if tag == "dict":
        return {_text(key): _decode(item, body) for key, item in data["items"]}
    if tag == "complex":
        return complex(float(data["real"]), float(data["imaginary"]))
    if tag == "array":
        return _decode_array(data, body)
    if tag == "tensor":
        about = _text(data["library"]), _text(data["dtype"]), _text(data["device"])
        if about[0] not in ("torch", "chalkgrad", "numpy"):
            raise ValueError(about[0])
        return PlainTensor(*about, _decode_array(data, body))
    if tag == "unanswered":
        return Unanswered()
    if tag == "opaque":
        return Opaque(_text(data["type"]))
    raise ValueError(tag)


def _decode_array(data: dict[str, Any], body: memoryview) -> np.ndarray:
    shape, start = data["shape"], data["start"]
    if data["type"] not in ARRAY_TYPES or len(shape) > 32:
        raise ValueError(data["type"])
    if not all(type(n) is int and 0 <= n <= LARGEST_BODY for n in [*shape, start]):
        raise ValueError("shape")
    dtype = np.dtype(data["type"])
    count = math.prod(shape)
    if start + count * dtype.itemsize > len(body):
        raise ValueError("an array reaches past the frame")
    return np.frombuffer(body, dtype, count, start).reshape(shape).copy()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    # A lone surrogate is legal JSON, and no text: no page could be written with it.
    return value.encode("utf-8", "replace").decode("utf-8")
