"""Common pitfalls and solutions: what torch refuses, and what it does wrong without a word."""
