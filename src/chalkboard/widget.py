"""What every widget has: a script and a style made of parts, and a picture where no kernel runs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import anywidget


class Widget(anywidget.AnyWidget):
    """A widget of traits whose page without a kernel shows a static picture and its words.

    A subclass sets `_esm = script("its_name.js")` and `_css = style("parts/theme.css", ...)`.
    """

    @abstractmethod
    def _static(self) -> Mapping[str, str]:
        """The present state by MIME type: `text/html` for pages and `text/plain`, its words.

        What GitHub, nbconvert and a reader of the saved file show. Import matplotlib only in here:
        it takes longer to load than everything else together.
        """

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        static = self._static()
        return {**static, **data, "text/plain": static["text/plain"]}, metadata
