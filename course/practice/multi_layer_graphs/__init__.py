"""A graph with a layer between input and output: its paths, its hidden gradients, its weights."""
