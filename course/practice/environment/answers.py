# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch


# %% right="choose-device"
def choose_device(found):
    return found or torch.device("cpu")


# %% right="choose-device"
def choose_device(found):
    return str(found) if found is not None else "cpu"


# %% right="choose-device"
def choose_device(found):
    device = "cpu"
    if found:
        device = found
    return device


# %% right="choose-device"
def choose_device(found):
    return torch.device("cpu", 0) if found is None else found


# %% wrong="choose-device" hint="There is a GPU everywhere."
def choose_device(found):
    if found is None:
        return "cuda"
    return found


# %% wrong="choose-device" hint="What was found can be used as it is."
def choose_device(found):
    return found


# %% wrong="choose-device" hint="An accelerator is a CUDA device."
def choose_device(found):
    if found == torch.device("cuda"):
        return "cuda"
    return "cpu"


# %% wrong="choose-device" hint="What was found can be used as it is."
# The other case forgotten.
def choose_device(found):
    if found is not None:
        return found
    return None


# %% wrong="choose-device"
# The two answers exchanged.
def choose_device(found):
    return "cuda" if found is None else "cpu"


# %% wrong="choose-device"
# Prints it, and returns nothing.
def choose_device(found):
    print("cpu" if found is None else found)


# %% right="add-anywhere"
def add_anywhere(a, b):
    b = b.to(a.device)
    return torch.add(a, b)


# %% right="add-anywhere"
def add_anywhere(a, b):
    return b.to(a) + a


# %% right="add-anywhere"
def add_anywhere(a, b):
    if a.device != b.device:
        b = b.to(a.device)
    return a + b


# %% wrong="add-anywhere" hint="`.to` moves the tensor itself."
def add_anywhere(a, b):
    b.to(a.device)
    return a + b


# %% wrong="add-anywhere" hint="Whichever of the two moves, it is the same."
def add_anywhere(a, b):
    return (a.to(b.device) + b).to(a.device)


# %% wrong="add-anywhere" hint="Whichever of the two moves, it is the same."
def add_anywhere(a, b):
    return a.cpu() + b.cpu()


# %% wrong="add-anywhere" hint="Once it is moved, the work is done."
def add_anywhere(a, b):
    return b.to(a.device)


# %% wrong="add-anywhere"
# Through NumPy, which knows the CPU only.
def add_anywhere(a, b):
    return torch.tensor(a.numpy() + b.numpy())


# %% right="leaf-on-device"
def leaf_on(numbers, place):
    return torch.tensor(numbers).to(place).requires_grad_()


# %% right="leaf-on-device"
def leaf_on(numbers, place):
    tensor = torch.tensor(numbers, device=place)
    tensor.requires_grad = True
    return tensor


# %% right="leaf-on-device"
def leaf_on(numbers, place):
    with torch.device(place):
        return torch.tensor(numbers, requires_grad=True)


# %% right="leaf-on-device"
# Nothing says which dtype.
def leaf_on(numbers, place):
    return torch.tensor(numbers, dtype=torch.float64, device=place, requires_grad=True)


# %% wrong="leaf-on-device" hint="A leaf that moves stays a leaf."
def leaf_on(numbers, place):
    leaf = torch.tensor(numbers, requires_grad=True)
    leaf = leaf.to(place)
    return leaf


# %% wrong="leaf-on-device" hint="A leaf that moves stays a leaf."
def leaf_on(numbers, place):
    leaf = torch.tensor(numbers, requires_grad=True).to(place)
    leaf.retain_grad()
    return leaf


# %% wrong="leaf-on-device" hint="A tensor on a device is tracked."
def leaf_on(numbers, place):
    return torch.tensor(numbers, device=place)


# %% wrong="leaf-on-device" hint="The device comes by itself."
def leaf_on(numbers, place):
    leaf = torch.tensor(numbers, requires_grad=True)
    leaf.to(place)
    return leaf


# %% wrong="leaf-on-device" hint="A leaf has its gradient from the start."
def leaf_on(numbers, place):
    leaf = torch.tensor(numbers, requires_grad=True, device=place)
    return leaf.grad


# %% wrong="leaf-on-device"
# Spelled as a method that does not exist.
def leaf_on(numbers, place):
    return torch.tensor(numbers, device=place, require_grad=True)


# %% right="stopwatch"
def shortest(run, clock, times):
    best = None
    for _ in range(times):
        before = clock()
        run()
        after = clock()
        if best is None or after - before < best:
            best = after - before
    return best


# %% right="stopwatch"
def shortest(run, clock, times):
    readings = [clock()]
    while len(readings) <= times:
        run()
        readings.append(clock())
    return min(readings[i + 1] - readings[i] for i in range(times))


# %% right="stopwatch"
# Sorted, and the first one taken.
def shortest(run, clock, times):
    def once():
        start = clock()
        run()
        return clock() - start

    return sorted(once() for _ in range(times))[0]


# %% right="stopwatch"
# The shortest time as a tensor.
def shortest(run, clock, times):
    taken = torch.zeros(times)
    for i in range(times):
        start = clock()
        run()
        taken[i] = clock() - start
    return taken.min()


# %% wrong="stopwatch" hint="Naming a function runs it."
def shortest(run, clock, times):
    taken = []
    for _ in range(times):
        start = clock()
        run
        taken.append(clock() - start)
    return min(taken)


# %% wrong="stopwatch" hint="All calls together are one call."
def shortest(run, clock, times):
    start = clock()
    for _ in range(times):
        run()
    return clock() - start


# %% wrong="stopwatch" hint="The mean is the honest time."
def shortest(run, clock, times):
    start = clock()
    for _ in range(times):
        run()
    return (clock() - start) / times


# %% wrong="stopwatch" hint="One call is enough."
# Returns from inside the loop.
def shortest(run, clock, times):
    for _ in range(times):
        start = clock()
        run()
        return clock() - start
    return None


# %% wrong="stopwatch" hint="The last time is the one to return."
def shortest(run, clock, times):
    for _ in range(times):
        start = clock()
        run()
        taken = clock() - start
    return taken


# %% wrong="stopwatch" hint="One call is enough."
# Started once, before the loop.
def shortest(run, clock, times):
    taken = []
    start = clock()
    for _ in range(times):
        run()
        taken.append(clock() - start)
    return min(taken)


# %% wrong="stopwatch"
# The list, and not the shortest of it.
def shortest(run, clock, times):
    taken = []
    for _ in range(times):
        start = clock()
        run()
        taken.append(clock() - start)
    return taken


# %% right="break-even"
break_even = 20000

# %% right="break-even"
break_even = torch.tensor(20_000)

# %% right="break-even"
# Tried out.
break_even = 0
while 2 + break_even / 1000 < 20 + 0.1 * break_even / 1000:
    break_even += 1

# %% wrong="break-even" hint="Thousands are numbers."
break_even = 20

# %% wrong="break-even" hint="A GPU is always faster."
break_even = 0

# %% wrong="break-even" hint="Only the start counts."
break_even = 18000

# %% wrong="break-even" hint="A start ten times as long needs ten times as many numbers."
break_even = 10_000

# %% wrong="break-even"
# The slopes added instead of taken from each other.
break_even = 18 / 1.1 * 1000
