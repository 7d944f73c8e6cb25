"""What to do with a gradient: SGD, momentum, RMSprop and Adam, each written and held against torch."""
