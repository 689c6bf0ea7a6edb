"""The key encoder: a plain residual network of three sizes, normalised keys at an eighth."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

STRIDE = 8
KEY = 64
# Channels at a half, a quarter and an eighth of the picture, and residual blocks at an eighth.
VARIANTS = {"tiny": (8, 8, 16, 1), "half": (24, 48, 96, 3), "full": (32, 64, 128, 6)}


def _conv(inner: int, outer: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inner, outer, 3, stride, 1, bias=False), nn.BatchNorm2d(outer))


class Block(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first, self.second = _conv(channels, channels), _conv(channels, channels)
        nn.init.constant_(self.second[1].weight, 0.3)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.second(functional.relu(self.first(x))))


class KeyEncoder(nn.Module):
    """pictures [N, 3, H, W] 0..1, H and W multiples of 8 -> keys [N, 64, H/8, W/8] of length 1."""

    def __init__(self, variant: str = "full") -> None:
        super().__init__()
        half, quarter, eighth, blocks = VARIANTS[variant]
        self.body = nn.Sequential(
            _conv(3, half, 2),
            nn.ReLU(),
            Block(half),
            _conv(half, quarter, 2),
            nn.ReLU(),
            Block(quarter),
            Block(quarter),
            _conv(quarter, eighth, 2),
            nn.ReLU(),
            *(Block(eighth) for _ in range(blocks)),
        )
        self.head = nn.Conv2d(eighth, KEY, 1)
        # How sharply keys are compared; learned, and written into the pack.
        self.sharpness = nn.Parameter(torch.tensor(2.7))

    def forward(self, pictures: Tensor) -> Tensor:
        keys = self.head(self.body((pictures - 0.45) * 4))
        return keys / (keys.square().sum(1, keepdim=True) + 1e-6).sqrt()

    @property
    def temperature(self) -> Tensor:
        """What the agreement of two keys (-1..1) is divided by before the softmax."""
        return (-self.sharpness).exp()


def macs_per_cell(variant: str) -> int:
    """Multiply-adds for each 8x8 cell."""
    half, quarter, eighth, blocks = VARIANTS[variant]
    at_half = 9 * (3 * half + 2 * half * half) * 16
    at_quarter = 9 * (half * quarter + 4 * quarter * quarter) * 4
    at_eighth = 9 * (quarter * eighth + 2 * blocks * eighth * eighth) + eighth * KEY
    return at_half + at_quarter + at_eighth
