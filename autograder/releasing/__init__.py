"""From an author's text to the notebooks and the kit that students get."""
