"""Puts a widget's script and style together from its own file and the parts it shares.

A widget's script must reach the browser as one ES module. The files in `static` are ES modules of
their own, which an editor, a browser and Node understand as they stand; joining them is all that
is done to them, so there is no build step.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

_STATIC = Path(__file__).parent / "static"
_IMPORT = re.compile(r'^import \{[^}]*\} from "(?P<path>\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def script(name: str) -> str:
    """The script `static/<name>` with every module that it imports, each once, as one module.

    All share one scope, so a top-level name may be used only once; a browser refuses a second.
    """
    return "\n".join(_modules(PurePosixPath(name), set()))


def style(*names: str) -> str:
    """The style sheets `static/<name>`, in this order."""
    return "\n".join(_read(PurePosixPath(name)) for name in names)


def _modules(name: PurePosixPath, seen: set[PurePosixPath]) -> list[str]:
    """The text of a module after the texts of the modules that it imports."""
    if name in seen:
        return []
    seen.add(name)
    text = _read(name)
    imported = [
        module
        for match in _IMPORT.finditer(text)
        for module in _modules(_resolve(name.parent, match["path"]), seen)
    ]
    return [*imported, _EXPORT.sub("", _IMPORT.sub("", text))]


def _resolve(folder: PurePosixPath, path: str) -> PurePosixPath:
    """`path`, which starts with `./`, as seen from `folder`."""
    return folder / PurePosixPath(path)


def _read(name: PurePosixPath) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")
