"""The engine that students build through the course, as each section has finished it."""
