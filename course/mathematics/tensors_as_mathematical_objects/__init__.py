"""Shapes, strides and storage: how a tensor lies in memory, and where its slopes go."""
