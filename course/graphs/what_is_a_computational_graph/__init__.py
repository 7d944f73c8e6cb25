"""What a computational graph is, and a number that remembers how it came about."""
