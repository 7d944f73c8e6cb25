# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch

# %% right="what-is-printed"
# With blanks, and run instead of written.
first_print = str(torch.tensor(2.25) * 2)
second_print = "tensor( 5. )"
third_print = " tensor(3.5000)"
fourth_print = str((torch.tensor(7) / 2).item())

# %% wrong="what-is-printed" hint="torch prints as many decimals as there are."
first_print = "tensor(4.5)"
second_print = "tensor(5.)"
third_print = "tensor(3.5)"
fourth_print = "3.5"

# %% wrong="what-is-printed" hint="torch prints a whole number as Python does."
first_print = "tensor(4.5000)"
second_print = "tensor(5.0)"
third_print = "tensor(3.5000)"
fourth_print = "3.5"

# %% wrong="what-is-printed" hint="Four decimals are always printed."
first_print = "tensor(4.5000)"
second_print = "tensor(5.0000)"
third_print = "tensor(3.5000)"
fourth_print = "3.5000"

# %% wrong="what-is-printed" hint="`print` shows the number only."
first_print = "4.5"
second_print = "5.0"
third_print = "3.5"
fourth_print = "3.5"

# %% wrong="what-is-printed" hint="A whole number divided stays whole."
first_print = "tensor(4.5000)"
second_print = "tensor(5.)"
third_print = "tensor(3)"
fourth_print = "3"

# %% wrong="what-is-printed"
# Without quotation marks.
first_print = torch.tensor(2.25) * 2
second_print = torch.tensor(2.5) * 2
third_print = torch.tensor(7) / 2
fourth_print = 3.5


# %% right="fahrenheit"
def to_fahrenheit(celsius):
    return 1.8 * celsius + 32


# %% right="fahrenheit"
def to_fahrenheit(celsius):
    celsius = celsius * (9 / 5)
    celsius += 32
    return celsius


# %% right="fahrenheit"
def to_fahrenheit(celsius):
    return torch.add(32, celsius, alpha=1.8) if celsius.is_floating_point() else celsius * 1.8 + 32


# %% right="fahrenheit"
# Nothing says which decimal dtype whole numbers become.
def to_fahrenheit(celsius):
    if not celsius.is_floating_point():
        celsius = celsius.double()
    return celsius * 9 / 5 + 32


# %% wrong="fahrenheit" hint="`*=` makes a new tensor."
def to_fahrenheit(celsius):
    celsius *= 9 / 5
    celsius += 32
    return celsius


# %% wrong="fahrenheit" hint="`*=` makes a new tensor."
# Another name for the same tensor.
def to_fahrenheit(celsius):
    fahrenheit = celsius
    fahrenheit *= 9 / 5
    fahrenheit += 32
    return fahrenheit


# %% wrong="fahrenheit" hint="Whole numbers have to be divided as whole numbers."
def to_fahrenheit(celsius):
    return celsius * 9 // 5 + 32


# %% wrong="fahrenheit" hint="Decimal numbers are float32."
def to_fahrenheit(celsius):
    celsius = celsius.to(torch.float32)
    return celsius * 9 / 5 + 32


# %% wrong="fahrenheit" hint="Brackets do not matter."
def to_fahrenheit(celsius):
    return (celsius + 32) * (9 / 5)


# %% wrong="fahrenheit" hint="Writing into a copy is enough."
# A copy, and then the same two lines: whole numbers still raise.
def to_fahrenheit(celsius):
    celsius = celsius.clone()
    celsius *= 9 / 5
    celsius += 32
    return celsius


# %% right="first-row-zero"
def first_row_zero(table):
    rows = [torch.zeros_like(table[:1]), table[1:]]
    return torch.cat(rows)


# %% right="first-row-zero"
def first_row_zero(table):
    other = table * 1
    other[0].zero_()
    return other


# %% right="first-row-zero"
def first_row_zero(table):
    mask = torch.ones_like(table)
    mask[0, :] = 0
    return table * mask


# %% wrong="first-row-zero" hint="A second name is a second tensor."
def first_row_zero(table):
    table[0] = 0
    return table


# %% wrong="first-row-zero" hint="A second name is a second tensor."
def first_row_zero(table):
    other = table[:]
    other[0] = 0
    return other


# %% wrong="first-row-zero" hint="A change of a copy is a change."
def first_row_zero(table):
    copy = table.clone()
    copy[0] = 0
    return table


# %% wrong="first-row-zero" hint="A change of a copy is a change."
# The copy of a row is changed, and not the row of a copy.
def first_row_zero(table):
    row = table[0].clone()
    row *= 0
    return table


# %% wrong="first-row-zero" hint="Without a row is without its numbers."
def first_row_zero(table):
    return table[1:].clone()


# %% wrong="first-row-zero"
# Two numbers only.
def first_row_zero(table):
    changed = table.clone()
    changed[0, 0] = 0
    changed[-1, -1] = 0
    return changed


# %% right="who-shares-memory"
sharing = {"d", "c", "b", "a"}

# %% right="who-shares-memory"
sharing = list("ABCD")

# %% wrong="who-shares-memory" hint="Everything that is made of x shares its memory."
sharing = ["a", "b", "c", "d", "e", "f", "g", "h"]

# %% wrong="who-shares-memory" hint="Another shape needs memory of its own."
sharing = ["a", "b"]

# %% wrong="who-shares-memory" hint="Each choice by brackets is a slice."
sharing = ["a", "b", "c", "d", "g", "h"]

# %% wrong="who-shares-memory" hint="Adding nothing changes nothing."
sharing = ["a", "b", "c", "d", "f"]

# %% wrong="who-shares-memory"
sharing = ["a", "b", "x"]


# %% right="overshoot"
def overshoot(predicted, wanted):
    return torch.relu(predicted - wanted).sum() / len(predicted)


# %% right="overshoot"
def overshoot(predicted, wanted):
    too_high = predicted > wanted
    return ((predicted - wanted) * too_high).mean()


# %% right="overshoot"
def overshoot(predicted, wanted):
    difference = predicted - wanted
    difference[difference < 0] = 0
    return torch.mean(difference)


# %% right="overshoot"
def overshoot(predicted, wanted):
    return (torch.maximum(predicted, wanted) - wanted).mean()


# %% right="overshoot"
# The number, taken out of its tensor at the end.
def overshoot(predicted, wanted):
    return (predicted - wanted).clamp(min=0).mean().item()


# %% wrong="overshoot" hint="What lies too low makes up for what lies too high."
def overshoot(predicted, wanted):
    return (predicted - wanted).mean()


# %% wrong="overshoot" hint="A distance is what is asked for."
def overshoot(predicted, wanted):
    return (predicted - wanted).abs().mean()


# %% wrong="overshoot" hint="A sum is a mean."
def overshoot(predicted, wanted):
    return (predicted - wanted).clamp(min=0).sum()


# %% wrong="overshoot" hint="The mean is over those that count."
def overshoot(predicted, wanted):
    difference = predicted - wanted
    return difference[difference > 0].mean()


# %% wrong="overshoot" hint="A condition is what it chooses."
def overshoot(predicted, wanted):
    return (predicted > wanted).float().mean()


# %% wrong="overshoot" hint="A loop over a tensor is work on the whole tensor."
# The loop as it was.
def overshoot(predicted, wanted):
    total = torch.tensor(0.0)
    for p, w in zip(predicted, wanted, strict=True):
        if p > w:
            total += p - w
    return total / len(predicted)


# %% wrong="overshoot" hint="A loop over a tensor is work on the whole tensor."
def overshoot(predicted, wanted):
    total = torch.tensor(0.0)
    for i in range(len(predicted)):
        total = total + torch.clamp(predicted[i] - wanted[i], min=0)
    return total / len(predicted)


# %% wrong="overshoot" hint="A loop over a list is work on the whole tensor."
def overshoot(predicted, wanted):
    total = 0.0
    for p, w in zip(predicted.tolist(), wanted.tolist(), strict=True):
        if p > w:
            total += p - w
    return torch.tensor(total / len(predicted))


# %% right="megabytes"
def megabytes(tensor):
    return tensor.nbytes / 1_000_000


# %% wrong="overshoot" hint="A loop over a list is work on the whole tensor."
# A loop over arrays.
def overshoot(predicted, wanted):
    total = 0.0
    for p, w in zip(predicted.numpy(), wanted.numpy(), strict=True):
        if p > w:
            total += p - w
    return total / len(predicted)


# %% right="megabytes"
# As a tensor, calculated from the shape.
def megabytes(tensor):
    return torch.tensor(tensor.shape).prod() * tensor.element_size() / 1e6


# %% right="megabytes"
def megabytes(tensor):
    numbers = 1
    for size in tensor.shape:
        numbers *= size
    return numbers * tensor.itemsize / 10**6


# %% wrong="megabytes" hint="Each number takes one byte."
def megabytes(tensor):
    return tensor.numel() / 1e6


# %% wrong="megabytes" hint="Each number takes four bytes."
def megabytes(tensor):
    return tensor.numel() * 4 / 1e6


# %% wrong="megabytes" hint="Bytes are megabytes."
def megabytes(tensor):
    return tensor.numel() * tensor.element_size()


# %% wrong="megabytes" hint="A megabyte is 1024 · 1024 bytes."
def megabytes(tensor):
    return tensor.numel() * tensor.element_size() / 1024 / 1024


# %% wrong="megabytes" hint="A megabyte is a thousand bytes."
# Kilobytes.
def megabytes(tensor):
    return tensor.numel() * tensor.element_size() / 1000
