"""The welcome to the course: is the set-up right, what comes, and how to work."""
