"""What a tensor is: an array of numbers, what it adds to one, and how it is taken apart."""
