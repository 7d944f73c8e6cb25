"""How tensors lie in memory and how their shapes meet: strides and broadcasting."""
