"""Where the course leads on: rules of one's own, optimizers, and torch's modules."""
