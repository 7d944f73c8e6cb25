# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import numpy as np
import torch

# %% right="scalar-42"
forty_two = torch.tensor(42, dtype=torch.int64)

# %% right="scalar-42"
forty_two = torch.full((), 42)

# %% wrong="scalar-42" hint="A number of Python is a tensor already."
forty_two = 42

# %% wrong="scalar-42" hint="One number needs brackets."
forty_two = torch.tensor([42])

# %% wrong="scalar-42" hint="One number needs brackets."
forty_two = torch.full((1,), 42)

# %% wrong="scalar-42" hint="42 and 42.0 make the same tensor."
forty_two = torch.tensor(42.0)

# %% wrong="scalar-42" hint="The number in brackets is always the value."
forty_two = torch.Tensor(42)

# %% wrong="scalar-42"
forty_two = np.array(42)

# %% wrong="scalar-42"
forty_two = "torch.tensor(42)"

# %% right="vector-1-to-5"
one_to_five = torch.arange(1, 6)

# %% right="vector-1-to-5"
one_to_five = torch.tensor(list(range(1, 6)))

# %% right="vector-1-to-5"
one_to_five = torch.from_numpy(np.array([1, 2, 3, 4, 5], dtype=np.int64))

# %% wrong="vector-1-to-5" hint="A list of Python is a tensor already."
one_to_five = [1, 2, 3, 4, 5]

# %% wrong="vector-1-to-5" hint="A vector is a table with one row."
one_to_five = torch.tensor([[1, 2, 3, 4, 5]])

# %% wrong="vector-1-to-5" hint="1 and 1.0 make the same tensor."
one_to_five = torch.Tensor([1, 2, 3, 4, 5])

# %% wrong="vector-1-to-5" hint="The end of a range belongs to it."
one_to_five = torch.arange(1, 5)

# %% wrong="vector-1-to-5" hint="Counting starts at 1."
one_to_five = torch.arange(5)

# %% wrong="vector-1-to-5"
one_to_five = torch.tensor(12345)

# %% right="random-matrix"
random_table = torch.rand(2, 3)

# %% right="random-matrix"
random_table = torch.rand((2, 3), dtype=torch.float64)

# %% right="random-matrix"
random_table = torch.from_numpy(np.random.rand(2, 3))

# %% right="random-matrix"
random_table = torch.empty(2, 3).uniform_(-1, 1)

# %% wrong="random-matrix" hint="The columns are counted first."
random_table = torch.randn(3, 2)

# %% wrong="random-matrix" hint="A shape is its number of elements."
random_table = torch.rand(2 * 3)

# %% wrong="random-matrix" hint="The sizes are the numbers."
random_table = torch.tensor([2, 3])

# %% wrong="random-matrix" hint="Random numbers are whole numbers."
random_table = torch.randint(0, 10, (2, 3))

# %% wrong="random-matrix" hint="NumPy's random numbers are a tensor."
random_table = np.random.rand(2, 3)

# %% wrong="random-matrix" hint="Any matrix will do."
random_table = torch.ones(2, 3)

# %% wrong="random-matrix"
random_table = torch.rand(1, 2, 3)


# %% right="ones-like-it"
def ones_for(matrix):
    return torch.ones(matrix.shape)


# %% right="ones-like-it"
def ones_for(matrix):
    return torch.full_like(matrix, 1)


# %% right="ones-like-it"
# Every number times 0, and 1 to it.
def ones_for(matrix):
    return matrix * 0 + 1


# %% right="ones-like-it"
def ones_for(matrix):
    return torch.ones(matrix.size(), dtype=torch.int64)


# %% wrong="ones-like-it" hint="A number divided by itself is always 1."
def ones_for(matrix):
    return matrix / matrix


# %% wrong="ones-like-it" hint="The shape is always that of the example."
def ones_for(matrix):
    return torch.ones((2, 3))


# %% wrong="ones-like-it" hint="Filling makes a new tensor."
def ones_for(matrix):
    matrix[:] = 1
    return matrix


# %% wrong="ones-like-it" hint="The shape of a matrix is its number of rows."
def ones_for(matrix):
    return torch.ones(len(matrix))


# %% wrong="ones-like-it"
# One dimension only.
def ones_for(matrix):
    return torch.ones(matrix.numel())


# %% wrong="ones-like-it"
def ones_for(matrix):
    torch.ones_like(matrix)


# %% wrong="ones-like-it"
def ones_for(matrix):
    return torch.zeros_like(matrix)


# %% right="sort-dtypes"
# With the dtypes in full, and one of torch's own.
of_true = "torch.bool"
of_seven = "torch.long"
of_seven_point = torch.float32
of_seven_and_half = "torch.float"
of_true_and_seven = "int64 "
of_array = "Float64"

# %% right="sort-dtypes"
# Found out instead of decided.
of_true = torch.tensor(True).dtype
of_seven = torch.tensor(7).dtype
of_seven_point = torch.tensor(7.0).dtype
of_seven_and_half = torch.tensor([7, 0.5]).dtype
of_true_and_seven = torch.tensor([True, 7]).dtype
of_array = torch.tensor(np.array([0.5])).dtype

# %% wrong="sort-dtypes" hint="torch makes decimal numbers as precise as NumPy does."
of_true = "bool"
of_seven = "int64"
of_seven_point = "float64"
of_seven_and_half = "float64"
of_true_and_seven = "int64"
of_array = "float64"

# %% wrong="sort-dtypes" hint="The first element says the dtype."
of_true = "bool"
of_seven = "int64"
of_seven_point = "float32"
of_seven_and_half = "int64"
of_true_and_seven = "bool"
of_array = "float64"

# %% wrong="sort-dtypes" hint="Whatever torch makes of decimals is float32."
of_true = "bool"
of_seven = "int64"
of_seven_point = "float32"
of_seven_and_half = "float32"
of_true_and_seven = "int64"
of_array = "float32"

# %% wrong="sort-dtypes" hint="Whole numbers have 32 bits, as decimal ones do."
of_true = "bool"
of_seven = "int"
of_seven_point = "float"
of_seven_and_half = "float"
of_true_and_seven = "int"
of_array = "float"

# %% wrong="sort-dtypes" hint="Mixed lists become decimal numbers."
of_true = "bool"
of_seven = "int64"
of_seven_point = "float32"
of_seven_and_half = "float32"
of_true_and_seven = "float32"
of_array = "float64"

# %% wrong="sort-dtypes"
# How many bits, and no name.
of_true = 1
of_seven = 64
of_seven_point = 32
of_seven_and_half = 32
of_true_and_seven = 64
of_array = 64


# %% right="snapshot"
def snapshot(array):
    return torch.from_numpy(array).float().clone()


# %% right="snapshot"
def snapshot(array):
    return torch.from_numpy(array.astype("float32"))


# %% right="snapshot"
def snapshot(array):
    return torch.tensor(array.tolist())


# %% wrong="snapshot" hint="A change of dtype always copies."
# The old way to make a float32 tensor.
def snapshot(array):
    return torch.Tensor(array)


# %% wrong="snapshot" hint="A tensor has numbers of its own."
def snapshot(array):
    return torch.from_numpy(array)


# %% wrong="snapshot" hint="A tensor made of an array is float32."
def snapshot(array):
    return torch.from_numpy(array.copy())


# %% wrong="snapshot" hint="A change of dtype always copies."
def snapshot(array):
    return torch.as_tensor(array, dtype=torch.float32)


# %% wrong="snapshot" hint="A change of dtype always copies."
def snapshot(array):
    tensor = torch.from_numpy(array)
    return tensor.to(torch.float32)


# %% wrong="snapshot" hint="A copy of an array is a tensor."
def snapshot(array):
    return array.copy()


# %% wrong="snapshot"
# The dtype as NumPy spells it.
def snapshot(array):
    return torch.tensor(array, dtype=np.float32)


# %% right="tracked-names"
tracked = ["t", "S", "q"]

# %% right="tracked-names"
tracked = {"q", "s", "t"}

# %% wrong="tracked-names" hint="Every tensor is in a graph."
tracked = ["p", "q", "r", "s", "t", "u"]

# %% wrong="tracked-names" hint="Only what was asked for is tracked."
tracked = ["q"]

# %% wrong="tracked-names" hint="Only results are tracked."
tracked = ["s", "t"]

# %% wrong="tracked-names" hint="Whatever is calculated is tracked."
tracked = ["q", "r", "s", "t", "u"]

# %% wrong="tracked-names" hint="One untracked input is enough to end the tracking."
tracked = ["q", "t"]

# %% wrong="tracked-names"
# As one text.
tracked = "q, s, t"

# %% wrong="tracked-names"
# Another name than any of the six.
tracked = ["q", "s", "t", "x"]


# %% right="lower-left"
def lower_left(grid):
    rows = grid.shape[0]
    return grid[rows - 2 : rows, 0:2]


# %% right="lower-left"
def lower_left(grid):
    return grid[-2:][:, :2]


# %% right="lower-left"
# One by one.
def lower_left(grid):
    return torch.stack([grid[-2, :2], grid[-1, :2]])


# %% wrong="lower-left" hint="The columns come first."
def lower_left(grid):
    return grid[:2, -2:]


# %% wrong="lower-left" hint="A second pair of brackets takes columns."
def lower_left(grid):
    return grid[-2:][:2]


# %% wrong="lower-left" hint="Counting starts at the bottom."
def lower_left(grid):
    return grid[0:2, 0:2]


# %% wrong="lower-left" hint="Leaving out the first row leaves the last two."
def lower_left(grid):
    return grid[1:, :2]


# %% wrong="lower-left" hint="Every grid has three rows."
def lower_left(grid):
    return grid[1:3, 0:2]


# %% wrong="lower-left"
# The two rows in the other order.
def lower_left(grid):
    return torch.stack([grid[-1, :2], grid[-2, :2]])


# %% wrong="lower-left"
# From the end to the beginning.
def lower_left(grid):
    return grid[-1:-3, :2]


# %% right="around-row-means"
def around_row_means(table):
    return table - table.mean(1).unsqueeze(1)


# %% right="around-row-means"
# On its side and back.
def around_row_means(table):
    return (table.T - table.mean(dim=1)).T


# %% right="around-row-means"
# A loop, which is as right.
def around_row_means(table):
    around = table.clone()
    for row in around:
        row -= row.mean()
    return around


# %% right="around-row-means"
def around_row_means(table):
    rows, columns = table.shape
    return table - (table.sum(dim=1) / columns).reshape(rows, 1)


# %% right="around-row-means"
# In more digits than were asked for.
def around_row_means(table):
    table = table.double()
    return table - table.mean(dim=1, keepdim=True)


# %% wrong="around-row-means" hint="Where the shapes fit, the right numbers meet."
def around_row_means(table):
    return table - table.mean(dim=1)


# %% wrong="around-row-means" hint="dim=0 goes along the rows."
def around_row_means(table):
    return table - table.mean(dim=0, keepdim=True)


# %% wrong="around-row-means" hint="One mean serves all rows."
def around_row_means(table):
    return table - table.mean()


# %% wrong="around-row-means" hint="The mean is the distance from it."
def around_row_means(table):
    return table.mean(dim=1, keepdim=True)


# %% wrong="around-row-means" hint="A sum is a mean."
def around_row_means(table):
    return table - table.sum(dim=-1, keepdim=True)


# %% wrong="around-row-means"
# Both, one after the other.
def around_row_means(table):
    table = table - table.mean(dim=0)
    return table - table.mean(dim=1, keepdim=True)


# %% right="every-pair"
def every_pair(a, b):
    return torch.abs(a[:, None] - b[None, :])


# %% right="every-pair"
def every_pair(a, b):
    return torch.cdist(a.unsqueeze(1), b.unsqueeze(1))


# %% right="every-pair"
def every_pair(a, b):
    return torch.stack([(one - b).abs() for one in a])


# %% wrong="every-pair" hint="Two vectors meet in every pair by themselves."
def every_pair(a, b):
    return (a - b).abs()


# %% wrong="every-pair" hint="It does not matter which of the two is the column."
def every_pair(a, b):
    return (b.reshape(-1, 1) - a).abs()


# %% wrong="every-pair" hint="A difference is a distance."
def every_pair(a, b):
    return a.reshape(-1, 1) - b


# %% wrong="every-pair"
# Squares, whose root was forgotten.
def every_pair(a, b):
    return (a.reshape(-1, 1) - b) ** 2
