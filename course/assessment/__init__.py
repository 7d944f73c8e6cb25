"""Summary and assessment: what the course has taught, asked back."""
