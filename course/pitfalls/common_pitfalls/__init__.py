"""Eight pitfalls: broken, read, explained and mended."""
