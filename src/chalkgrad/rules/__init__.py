"""The table of operations, by subject: what each computes, and how derivatives pass through it."""
