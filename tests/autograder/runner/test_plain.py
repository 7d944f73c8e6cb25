"""Live values become plain data without being trusted."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import chalkgrad
from autograder.runner.plain import Opaque, PlainTensor, Unanswered, holds_unanswered, to_plain


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.int64, torch.bool])
def test_a_torch_tensor_keeps_dtype_shape_and_values(dtype: torch.dtype) -> None:
    tensor = torch.tensor([[0, 1], [2, 3]]).to(dtype).t()
    plain = to_plain(tensor)
    assert isinstance(plain, PlainTensor)
    assert (plain.library, plain.device) == ("torch", "cpu")
    assert f"torch.{plain.dtype}" == str(dtype)
    assert torch.equal(torch.from_numpy(plain.values), tensor)


def test_bfloat16_which_numpy_lacks_keeps_its_name() -> None:
    tensor = torch.tensor([1.5, 2.5], dtype=torch.bfloat16)
    plain = to_plain(tensor)
    assert plain.dtype == "bfloat16"
    assert torch.equal(torch.from_numpy(plain.values), tensor.float())


def test_a_tensor_that_requires_grad_and_a_parameter_are_tensors() -> None:
    weight = torch.nn.Parameter(torch.ones(2))
    assert to_plain(weight * 2).values.tolist() == (weight * 2).tolist()


def test_a_chalkgrad_tensor_is_told_from_torchs() -> None:
    assert to_plain(chalkgrad.tensor(2.0, requires_grad=True)).library == "chalkgrad"


@given(arrays.arrays(np.float64, arrays.array_shapes(max_side=3)))
def test_plain_data_is_a_copy(array: np.ndarray) -> None:
    before = array.copy()
    plain = to_plain(array)
    array += 1
    assert np.array_equal(plain.values, before, equal_nan=True)


def test_what_is_not_plain_is_named_and_not_kept() -> None:
    assert to_plain(object()) == Opaque("object")
    assert isinstance(to_plain(np.array([object()])), Opaque)
    assert isinstance(to_plain(torch.empty(2, device="meta")), Opaque)


def test_a_list_that_holds_itself_comes_to_an_end() -> None:
    loop: list[object] = []
    loop.append(loop)
    assert "nested deeper" in repr(to_plain(loop))


class Liar(float):
    """A number that claims to equal everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def test_a_number_that_lies_about_equality_becomes_a_plain_number() -> None:
    assert type(to_plain(Liar(3.0))) is float


@given(st.recursive(st.integers() | st.just(...), lambda inner: st.lists(inner) | st.tuples(inner)))
def test_the_three_dots_are_found_wherever_they_stand(value: object) -> None:
    assert holds_unanswered(to_plain(value)) == ("Ellipsis" in repr(value))
    assert to_plain(...) == Unanswered()


@pytest.mark.parametrize("value", [..., 1.5, object(), torch.ones(2), [torch.ones(1), None]])
def test_plain_data_stays_plain_data(value: object) -> None:
    assert repr(to_plain(to_plain(value))) == repr(to_plain(value))
