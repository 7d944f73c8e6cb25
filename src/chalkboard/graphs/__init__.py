"""The computational graph of a result: read, laid out, drawn, and played step by step."""
