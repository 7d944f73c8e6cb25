"""torch.nn: parameters that are found, layers in a row, a state that travels, and where to go next."""
