"""What a notebook imports, on which device it calculates, and how to measure what that brings."""
