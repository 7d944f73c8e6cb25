"""The chain rule, and the walk back that it asks for, built by the learner."""
