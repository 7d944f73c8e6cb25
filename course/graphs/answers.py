# %%
# What the cells of the lessons have made before; the other cells replace an answer cell each.
import torch

from course.graphs.asks import polynomial as f

# %% right="slope-at-five"
# From the formula of the slope, 3x² - 26x + 54.
slope_at_five = 3 * 5**2 - 26 * 5 + 54

# %% right="slope-at-five"
answer_x = torch.tensor(5.0, requires_grad=True)
f(answer_x).backward()
slope_at_five = answer_x.grad

# %% wrong="slope-at-five" hint="The slope is the height."
slope_at_five = (5 - 3) * (5 - 6) * (5 - 4)

# %% wrong="slope-at-five" hint="The slope of a product is the sum of the slopes."
slope_at_five = 3

# %% wrong="slope-at-five"
slope_at_five = "-1"
