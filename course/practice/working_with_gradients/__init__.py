"""Gradients at work: who gets one, when it adds up, and how it is reset."""
