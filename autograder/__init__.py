"""Exercises, their check in the notebook, and the grading of a class."""
