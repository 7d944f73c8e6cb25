"""MyTensor at the end of the section on pitfalls: it says what went wrong, in the words of torch.

Here stands what is new: three errors, each raised before anything is changed.
"""

from __future__ import annotations

from course.my_tensor import practice
from course.my_tensor.mathematics import in_order
from course.my_tensor.practice import no_grad

__all__ = ["MyTensor", "no_grad"]


class MyTensor(practice.MyTensor):
    """An array that refuses a walk back that cannot mean what was meant.

    torch lets a graph be walked twice where nothing had to be saved, as in a sum of leaves. This
    one refuses a second walk through any graph.
    """

    _is_freed = False

    def backward(self) -> None:
        """Walk back once, from one number, along a recorded history.

        Raises:
            RuntimeError: this is not one number, is not tracked, or was walked back from before.
        """
        if not self.requires_grad:
            raise RuntimeError(
                "element 0 of tensors does not require grad and does not have a grad_fn"
            )
        if self.value.size != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        calculated = [node for node in in_order(self) if not node.is_leaf]
        if any(node._is_freed for node in calculated):
            raise RuntimeError("Trying to backward through the graph a second time")
        super().backward()
        for node in calculated:
            node._is_freed = True
