"""Two inputs, two hidden nodes, one output: what a hidden layer adds, and what its bend does."""
