"""A grad mode that a cell sets lasts into the next cell, as torch's does.

What would be lost: Jupyter runs each cell in a context of its own, which a mode must outlive.
"""

from __future__ import annotations

import nbformat
from nbclient import NotebookClient


def test_grad_mode_lasts_from_cell_to_cell() -> None:
    cells = [
        "import chalkgrad, torch\nmodes = chalkgrad, torch",
        "for mode in modes: mode.set_grad_enabled(False)",
        "print(*[mode.is_grad_enabled() for mode in modes])",
        "for mode in modes: mode.set_grad_enabled(True)",
        "print(*[(mode.ones(1, requires_grad=True) * 2).requires_grad for mode in modes])",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(book, timeout=120).execute()
    printed = [book.cells[place].outputs[0].text for place in (2, 4)]
    assert printed == ["False False\n", "True True\n"]
