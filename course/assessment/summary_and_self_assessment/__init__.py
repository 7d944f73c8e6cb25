"""Seven things to recall, and eleven questions that can be checked."""
