"""Numbers in the graph that are there to be changed, and who changes them."""
