"""A function's curve or surface, its slopes, and the widgets that move along them."""
