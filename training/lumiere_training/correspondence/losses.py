"""What a frame's answer is measured by."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def outline(logits: Tensor, truth: Tensor, known: Tensor, hardest: float) -> Tensor:
    """Cross-entropy of the `hardest` share of the known pixels and soft Dice, all [N, 1, H, W].

    Bootstrapped as in STCN: most of a frame is easy, and would drown the outline.
    """
    each = (functional.binary_cross_entropy_with_logits(logits, truth, reduction="none") * known).flatten(1)
    if hardest < 1:
        each = each.topk(max(1, int(each.shape[1] * hardest)), dim=1, sorted=False)[0]
    guess, right = (logits.sigmoid() * known).flatten(1), (truth * known).flatten(1)
    dice = 1 - (2 * (guess * right).sum(1) + 1) / (guess.sum(1) + right.sum(1) + 1)
    return each.mean() + dice.mean()


def wanted(source: Tensor, cells: int) -> tuple[Tensor, Tensor]:
    """source [N, C, C, 2] in -1..1 -> the four nearest cells' indices and weights, each [N, C*C, 4]."""
    at = ((source.flatten(1, 2) + 1) * cells / 2 - 0.5).clamp(0, cells - 1)
    low = at.floor().clamp(max=cells - 2)
    share = at - low
    low = low.long()
    indices, weights = [], []
    for dy in (0, 1):
        for dx in (0, 1):
            indices.append((low[..., 1] + dy) * cells + low[..., 0] + dx)
            weights.append((share[..., 0] if dx else 1 - share[..., 0]) * (share[..., 1] if dy else 1 - share[..., 1]))
    return torch.stack(indices, -1), torch.stack(weights, -1)


def found(agreement: Tensor, source: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """How surely each cell names the first frame's cell that it came from, and the share within one cell of it.

    agreement [N, C*C, C*C] logits, source [N, C, C, 2], seen [N, C, C].
    """
    cells = seen.shape[-1]
    seen = seen.flatten(1)
    indices, weights = wanted(source, cells)
    each = -(agreement.log_softmax(-1).gather(-1, indices) * weights).sum(-1)
    count = seen.sum().clamp(min=1)
    with torch.no_grad():
        best = agreement.argmax(-1)
        guess = torch.stack([best % cells, best // cells], -1)
        true = (source.flatten(1, 2) + 1) * cells / 2 - 0.5
        near = ((guess - true).norm(dim=-1) < 1).float()
    return (each * seen).sum() / count, (near * seen).sum() / count


def overlap(logits: Tensor, truth: Tensor, known: Tensor) -> Tensor:
    """Mean intersection over union where the truth is known."""
    sure = known > 0.5
    guess, right = (logits > 0) & sure, (truth > 0.5) & sure
    either = (guess | right).flatten(1).sum(1)
    return torch.where(either > 0, (guess & right).flatten(1).sum(1) / either.clamp(min=1), 1.0).mean()
