"""Looking into a graph: who made a result, which leaf it reaches, where a gradient was lost."""
