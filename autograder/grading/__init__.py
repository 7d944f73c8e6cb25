"""From the notebooks that a class hands in to a gradebook and a page of feedback each."""
