"""A formula in single steps: its tables, the graph that torch keeps of it, its local slopes."""
