"""Matrices: which sign is which product, which shapes fit, and how gradients come back."""
