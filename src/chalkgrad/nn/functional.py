"""Losses, activations and layers as functions."""
