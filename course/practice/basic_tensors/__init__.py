"""Calculating with tensors: what is printed, which dtype comes out, what is copied, what is fast."""
