"""Each module measures one thing and prints one table: `python -m benchmarks.engine`, say."""

from importlib.util import find_spec

_NEEDED = ("autograd", "micrograd", "playwright", "pyphen")
_missing = [name for name in _NEEDED if find_spec(name) is None]
if _missing:
    raise SystemExit(
        f"The benchmarks need {' and '.join(_missing)}: run `python3 start.py test` once, which "
        "installs what they and the tests want."
    )
