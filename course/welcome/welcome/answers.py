# %% right="first-number"
x = 2
first_number = (x - 3) * (x - 6)

# %% right="first-number"
first_number = 4.0

# %% wrong="first-number" hint="Minus times minus is minus."
first_number = -1 * 4

# %% wrong="first-number" hint="Two brackets side by side are added."
first_number = -5

# %% wrong="first-number" hint="x is 1."
first_number = 10

# %% wrong="first-number" hint="Only the second x is 2."
# Without any x.
first_number = (-3) * (-6)

# %% wrong="first-number"
first_number = "4"


# %% right="secant-gap"
def steepness(f, x, h):
    rise = -f(x) + f(h + x)
    return rise / h


# %% right="secant-gap"
def steepness(f, x, h):
    here = f(x)
    there = f(x + h)
    rise = there - here
    return rise / h


# %% wrong="secant-gap" hint="The height over there is the rise."
def steepness(f, x, h):
    rise = f(x + h)
    return rise / h


# %% wrong="secant-gap" hint="A rise from there to here."
def steepness(f, x, h):
    rise = f(x) - f(x + h)
    return rise / h


# %% wrong="secant-gap" hint="A function of a sum is a sum of functions."
def steepness(f, x, h):
    rise = f(x) + f(h) - f(x)
    return rise / h


# %% wrong="secant-gap" hint="The curve at h is the curve at x + h."
def steepness(f, x, h):
    rise = f(h) - f(x)
    return rise / h


# %% wrong="secant-gap" hint="The division is still to be done."
def steepness(f, x, h):
    rise = (f(x + h) - f(x)) / h
    return rise / h


# %% wrong="secant-gap"
# The numbers of the example, whatever is asked.
def steepness(f, x, h):
    rise = 4 * 4 - 3 * 3
    return rise / h


# %% wrong="secant-gap"
# A product where a call was meant.
def steepness(f, x, h):
    rise = f * (x + h) - f * x
    return rise / h


# %% right="squares-mended"
def squares(n):
    return [(k + 1) ** 2 for k in range(n)]


# %% right="squares-mended"
def squares(n):
    found = []
    for k in range(1, n + 1):
        found.append(k**2)
    return found


# %% wrong="squares-mended" hint="Counting starts at 1."
def squares(n):
    return [k * k for k in range(n)]


# %% wrong="squares-mended" hint="The end of a range belongs to it."
def squares(n):
    return [k**2 for k in range(1, n)]


# %% wrong="squares-mended" hint="One more at the end is enough."
def squares(n):
    return [k * k for k in range(n + 1)]


# %% wrong="squares-mended" hint="A square is twice the number."
def squares(n):
    return [k * 2 for k in range(1, n + 1)]


# %% wrong="squares-mended"
# Printed, and not returned.
def squares(n):
    print([k * k for k in range(1, n + 1)])


# %% wrong="squares-mended"
# Returns inside the loop.
def squares(n):
    for k in range(1, n + 1):
        return [k * k]
    return []
