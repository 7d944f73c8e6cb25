"""Weights to be turned by hand or by descent."""
