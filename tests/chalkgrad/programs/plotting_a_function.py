# type: ignore
"""One function of Python serves numbers, arrays and tensors, so what is differentiated is drawn."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
import torch

mpl.use("agg")


def polynomial(x):
    return (x - 3) * (x - 6) * (x - 4)


places = np.linspace(0, 10, 101)
heights = [polynomial(place) for place in places]
axes = sns.lineplot(x=places, y=heights)

x = torch.from_numpy(places).requires_grad_()
y = polynomial(x)
y.sum().backward()
axes.plot(places, y.detach().numpy(), label="value")
axes.plot(places, x.grad.numpy(), label="slope")
axes.plot(torch.arange(3), torch.tensor([1.0, 4.0, 9.0]), label="tensors")
axes.axhline(y=0, color="k", linestyle="-", alpha=0.3)
axes.axvline(x=2, color="r", linestyle="--", label="x = 2")
axes.legend()
plt.show()

for line in axes.lines:
    print(line.get_label(), np.round(line.get_xydata()[:3], 6).tolist())
print(np.allclose(heights, y.detach()), np.asarray(x.grad)[[0, 50, 100]])
plt.close()
