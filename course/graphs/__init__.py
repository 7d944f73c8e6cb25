"""From tensors to computational graphs: the lessons, and what their answers are checked against."""
