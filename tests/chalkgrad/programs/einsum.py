"""One letter per dimension: sums of products, written as one writes them on paper."""

import torch

a = torch.arange(6.0).reshape(2, 3)
b = torch.arange(12.0).reshape(3, 4)
batch = torch.arange(12.0).reshape(2, 2, 3)
square = torch.arange(9.0).reshape(3, 3)
v = torch.tensor([1.0, 0.0, -1.0])

equations = [
    ("ij,jk->ik", a, b),
    ("ij,jk", a, b),
    ("ij->ji", a),
    ("ij->", a),
    ("ij->j", a),
    ("i,i->", v, v),
    ("i,j->ij", v, v),
    ("bij,kj->bik", batch, square),
    ("bij,j->bi", batch, v),
    ("i,ij,j->", v, square, v),
]
for equation, *operands in equations:
    print(equation, torch.einsum(equation, *operands))

weight = torch.ones(3, 3, requires_grad=True)
score = torch.einsum("bi,ij,bj->b", a, weight, a)
score.backward(torch.tensor([1.0, 0.1]))
print(score.detach(), weight.grad, sep="\n")
