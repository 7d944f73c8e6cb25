"""Practical implementation: tensors, devices and gradients at work."""
