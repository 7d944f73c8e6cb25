"""Practical implementation: the lessons, and what their answers are checked against."""
