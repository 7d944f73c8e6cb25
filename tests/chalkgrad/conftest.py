"""Let the tests of the engine import their oracle."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
pytest.register_assert_rewrite("oracle")  # so that a failure there says what was compared
