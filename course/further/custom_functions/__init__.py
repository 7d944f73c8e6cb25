"""An operation with a backward of one's own: written, checked, mended, and bent on purpose."""
