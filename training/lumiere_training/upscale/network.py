"""The upscaler: one trunk that works at a quarter of the wanted size, added to a Lanczos enlargement.

By four: the small picture is the quarter. By two: four neighbouring pixels become channels, so that 256 -> 512 costs what
128 -> 512 does. A pack of 64x64 is enlarged by four, then by two. The layer in front of the result begins at zero:
untrained, the network is Lanczos.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

FACTORS = (2, 4)
DOWN = 4  # the trunk's pixels are this much larger than those of the result
LOBES = 3
SURROUNDINGS = 3  # pixels to each side
CONTRAST = 8.0
# Channels, and blocks of two convolutions.
VARIANTS = {"tiny": (8, 1), "full": (64, 5)}


def lanczos_kernels(factor: int) -> Tensor:
    """[factor**2, 1, 7, 7]: the weights by which a pixel's neighbours make the pixels that it becomes, row by row."""
    reach = torch.arange(-LOBES, LOBES + 1, dtype=torch.float64)
    rows = []
    for phase in range(factor):
        x = reach - ((phase + 0.5) / factor - 0.5)
        weights = torch.sinc(x) * torch.sinc(x / LOBES) * (x.abs() < LOBES)
        rows.append(weights / weights.sum())
    table = torch.stack(rows)
    return torch.einsum("ay,bx->abyx", table, table).reshape(factor * factor, 1, *[2 * LOBES + 1] * 2).float()


def enlarge_lanczos(pictures: Tensor, factor: int) -> Tensor:
    """[N, 3, H, W] -> [N, 3, factor H, factor W]; borders are repeated. What the app does without a pack."""
    return _spread(pictures, lanczos_kernels(factor).repeat(3, 1, 1, 1).to(pictures), factor)


def _spread(pictures: Tensor, kernels: Tensor, factor: int) -> Tensor:
    padded = functional.pad(pictures, (LOBES,) * 4, mode="replicate")
    return functional.pixel_shuffle(functional.conv2d(padded, kernels, groups=3), factor)


def _conv(inner: int, outer: int) -> nn.Conv2d:
    # A border of zeros would be seen: the network's reach is eleven of its pixels, 44 of the result.
    return nn.Conv2d(inner, outer, 3, padding=1, padding_mode="replicate")


def contrast(pictures: Tensor) -> Tensor:
    """What differs from its surroundings, about as large as the numbers that a network likes.

    Levels themselves would only be in the way: nothing is to be added where nothing differs.
    """
    padded = functional.pad(pictures, (SURROUNDINGS,) * 4, mode="replicate")
    return (pictures - functional.avg_pool2d(padded, 2 * SURROUNDINGS + 1, 1)) * CONTRAST


class Block(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first, self.second = _conv(channels, channels), _conv(channels, channels)
        with torch.no_grad():
            self.second.weight.mul_(0.2)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(functional.leaky_relu(self.first(x), 0.1))


class Upscaler(nn.Module):
    """pictures [N, 3, H, W] 0..1 -> [N, 3, factor H, factor W], not clamped. By two, H and W are even."""

    def __init__(self, variant: str = "full") -> None:
        super().__init__()
        channels, blocks = VARIANTS[variant]
        self.stems = nn.ModuleDict({str(f): _conv(3 * (DOWN // f) ** 2, channels) for f in FACTORS})
        self.blocks = nn.Sequential(*(Block(channels) for _ in range(blocks)))
        self.tails = nn.ModuleDict({str(f): _conv(channels, 3 * DOWN * DOWN) for f in FACTORS})
        for factor in FACTORS:
            self.register_buffer(f"lanczos{factor}", lanczos_kernels(factor).repeat(3, 1, 1, 1), persistent=False)
        for tail in self.tails.values():
            nn.init.zeros_(tail.weight)
            nn.init.zeros_(tail.bias)

    def forward(self, pictures: Tensor, factor: int) -> Tensor:
        small = functional.pixel_unshuffle(contrast(pictures), DOWN // factor)
        features = functional.leaky_relu(self.stems[str(factor)](small), 0.1)
        detail = self.tails[str(factor)](features + self.blocks(features))
        return _spread(pictures, getattr(self, f"lanczos{factor}"), factor) + functional.pixel_shuffle(detail, DOWN) / CONTRAST

    def enlarge(self, pictures: Tensor, factor: int) -> Tensor:
        """By any power of two, in the steps that the app takes: by four as often as possible, then by two. Clamped."""
        for step in steps_to(factor):
            pictures = self(pictures, step).clamp(0, 1)
        return pictures


def steps_to(factor: int) -> list[int]:
    """Steps whose product is `factor`, a power of two."""
    twos = int(math.log2(factor))
    if 2**twos != factor:
        raise ValueError(f"{factor} is no power of two")
    return [4] * (twos // 2) + [2] * (twos % 2)


def macs_per_pixel(variant: str, factor: int) -> float:
    """Multiply-adds for each pixel of the result."""
    channels, blocks = VARIANTS[variant]
    trunk = 9 * (3 * (DOWN // factor) ** 2 * channels + 2 * blocks * channels**2 + channels * 3 * DOWN * DOWN)
    return trunk / DOWN**2 + 3 * (2 * LOBES + 1) ** 2
