"""Steps in a row: values forward, slopes multiplied backward, and a graph that follows the input."""
