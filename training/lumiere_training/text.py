"""The caption encoder: a small transformer trained together with the U-Net.

tokens [N, L] int64 -> features [N, L, width] and mask [N, L] (1 for a token, 0 for padding)
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .tokenizer import MAX_TOKENS, PAD

HIDDEN_TOKEN = -1e4


def pooled(text: Tensor, mask: Tensor) -> Tensor:
    """Mean of a caption's token features [N, C]: what the U-Net is modulated by."""
    weight = mask.to(text.dtype).unsqueeze(-1)
    return (text * weight).sum(1) / weight.sum(1).clamp(min=1.0)


class TextBlock(nn.Module):
    """Pre-norm transformer layer: self-attention, then a feed-forward net of four times the width."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_attention = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm_feed = nn.LayerNorm(width)
        self.feed_in = nn.Linear(width, 4 * width)
        self.feed_out = nn.Linear(4 * width, width)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """x [N, L, C]; bias [N, 1, 1, L] added to the scores."""
        rows, length, width = (int(size) for size in x.shape)
        split = self.query_key_value(self.norm_attention(x)).reshape(rows, length, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        x = x + self.out(mixed.transpose(1, 2).reshape(rows, length, width))
        return x + self.feed_out(functional.gelu(self.feed_in(self.norm_feed(x))))


class TextEncoder(nn.Module):
    """Token and position embeddings, `layers` blocks, a final norm."""

    def __init__(self, vocabulary: int, width: int = 256, layers: int = 4, length: int = MAX_TOKENS) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.position = nn.Parameter(torch.randn(length, width) * 0.02)
        self.blocks = nn.ModuleList(TextBlock(width, max(1, width // 64)) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        nn.init.normal_(self.embedding.weight, std=0.05)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        mask = (tokens != PAD).to(self.position.dtype)
        x = self.embedding(tokens) + self.position[: int(tokens.shape[1])]
        bias = ((1.0 - mask) * HIDDEN_TOKEN)[:, None, None, :]
        for block in self.blocks:
            x = block(x, bias)
        return self.norm(x), mask
