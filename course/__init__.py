"""The text of the course: one folder a section, one percent-format file a lesson."""
