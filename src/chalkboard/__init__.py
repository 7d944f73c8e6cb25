"""Pictures and widgets: what a student looks at and drags."""
