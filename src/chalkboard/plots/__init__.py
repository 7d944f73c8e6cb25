"""The static pictures of the lessons."""
