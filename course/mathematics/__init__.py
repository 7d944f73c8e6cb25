"""Mathematical intuition: what the graph computes, and why the chain rule walks it."""
