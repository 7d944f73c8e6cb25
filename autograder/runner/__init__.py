"""What stands beside the student's code: it runs cells and answers questions, and holds no secret.

Everything in this folder may enter the sandbox. It imports NumPy and the standard library;
torch only where an answer brought it. Nothing here knows what a right answer is.
"""
