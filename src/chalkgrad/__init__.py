"""An autograd engine from scratch on NumPy, with torch's names and torch's answers."""
