"""Tensors made, compared with NumPy arrays, taken apart and combined."""
