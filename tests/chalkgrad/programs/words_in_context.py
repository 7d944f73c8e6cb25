# type: ignore
"""Embeddings, attention and layer norm: a small transformer block."""

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, words, width):
        super().__init__()
        self.embed = nn.Embedding(words, width, padding_idx=0)
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.feed = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )
        self.drop = nn.Dropout(0.1)

    def forward(self, words):
        x = self.embed(words)
        normed = self.before(x)
        scores = self.query(normed) @ self.key(normed).mT / x.size(-1) ** 0.5
        place = torch.arange(x.size(1))
        later = place[:, None] < place
        attention = scores.masked_fill(later, -torch.inf).softmax(-1)
        x = x + self.drop(attention @ self.value(normed))
        return x + self.feed(self.after(x)), attention


torch.manual_seed(0)
block = Block(10, 8)
sentence = torch.tensor([[1, 2, 3, 2], [4, 5, 0, 0]])
block.eval()
output, attention = block(sentence)
print(output.shape, attention[0], output.grad_fn.name(), sep="\n")
print(block.embed.weight[0], block.after.weight, sep="\n")

logits = F.linear(output, block.embed.weight)
loss = F.cross_entropy(logits[:, :-1].flatten(0, 1), sentence[:, 1:].flatten(), ignore_index=0)
loss.backward()
print(f"{loss.item():.4f}", block.embed.weight.grad.abs().sum(1))
print(block)

x = torch.tensor([[1.0, 2.0, 6.0]], requires_grad=True)
normed = F.layer_norm(x, (3,))
normed[0, 0].backward()
print(normed, x.grad)
