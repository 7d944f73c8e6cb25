"""One slope at one place, from torch, and what else the lesson asks."""
