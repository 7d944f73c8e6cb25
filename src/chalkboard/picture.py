"""A static picture together with its words, so that no picture is shown without a text."""

from __future__ import annotations

import base64
import html
import io
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

_DOTS_PER_INCH = 110


@dataclass(frozen=True, eq=False)
class Picture:
    """A matplotlib figure and what it shows in words.

    As the last expression of a cell it shows itself, with `words` as the alternative text of the
    image and as a caption that can be unfolded. `figure.savefig("name.png")` writes it to a file.
    """

    figure: Figure
    words: str

    @property
    def axes(self) -> tuple[Axes, ...]:
        """The panels of the picture, from left to right."""
        return tuple(self.figure.axes)

    def __repr__(self) -> str:
        return self.words

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """HTML for pages, because only there an image has an alternative text; PNG for print."""
        png = self._png()
        return {"text/html": self._html(png), "image/png": png, "text/plain": self.words}

    def _png(self) -> str:
        stream = io.BytesIO()
        self.figure.savefig(stream, format="png", dpi=_DOTS_PER_INCH, facecolor="white")
        return base64.b64encode(stream.getvalue()).decode("ascii")

    def _html(self, png: str) -> str:
        words = html.escape(self.words, quote=True)
        width = round(self.figure.get_figwidth() * 96)
        return (
            '<figure style="margin:0">'
            f'<img alt="{words}" src="data:image/png;base64,{png}" width="{width}" '
            'style="max-width:100%;height:auto">'
            f"<figcaption>{words}</figcaption></figure>"
        )
