"""Small pictures from large ones, as they might have been made.

Every picture is seen twice, at two phases of the small grid and with other faults: a network that answers both alike
does not flicker when something moves by a fraction of a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

SPARE = 8  # pixels by which the second view may be moved, less one


@dataclass
class Views:
    """Two views: small [2, 3, s, s], large [2, 3, S, S]; by how many large pixels the second is moved down and right.

    `shift` is None where they are not of one scene.
    """

    small: Tensor
    large: Tensor
    shift: tuple[int, int] | None


def rough(picture: Tensor, side: int, dice: torch.Generator) -> Tensor:
    """A square of a picture [3, H, W] of at least `side` pixels, at one of several sizes, turned over by chance; 0..1."""
    height, width = picture.shape[1:]
    least = side / min(height, width)
    numbers = torch.rand(4, generator=dice).tolist()
    # Shrunk a little, photographs are as sharp as drawn scenes; some are left as they are.
    scale = 1.0 if least >= 1 or numbers[0] < 0.4 else max(least, 0.5 + 0.5 * numbers[1])
    window = min(round(side / scale), height, width)
    top, left = int(numbers[2] * (height - window + 1)), int(numbers[3] * (width - window + 1))
    patch = picture[None, :, top : top + window, left : left + window].float() / 255
    if window != side:
        patch = functional.interpolate(patch, (side, side), mode="bicubic", antialias=True, align_corners=False).clamp(0, 1)
    flips = torch.rand(3, generator=dice).tolist()
    patch = patch.flip(3) if flips[0] < 0.5 else patch
    patch = patch.flip(2) if flips[1] < 0.25 else patch
    return (patch.transpose(2, 3) if flips[2] < 0.25 else patch)[0]


def blurred(pictures: Tensor, deviation: float) -> Tensor:
    """A Gaussian over five pixels each way."""
    line = torch.exp(-0.5 * (torch.arange(-2.0, 3.0, device=pictures.device) / deviation) ** 2)
    line = (line / line.sum()).repeat(3, 1)
    padded = functional.pad(pictures, (2, 2, 2, 2), mode="replicate")
    return functional.conv2d(functional.conv2d(padded, line[:, None, None, :], groups=3), line[:, None, :, None], groups=3)


def shrink(large: Tensor, factor: int, dice: torch.Generator) -> Tensor:
    """[N, 3, H, W] -> [N, 3, H/factor, W/factor]: by area, seldom sharper; then perhaps soft or noisy; always bytes."""
    numbers = torch.rand(4, generator=dice).tolist()
    if numbers[0] < 0.8:
        small = functional.avg_pool2d(large, factor)
    else:
        size = (large.shape[2] // factor, large.shape[3] // factor)
        small = functional.interpolate(large, size, mode="bicubic", antialias=True, align_corners=False)
    if numbers[1] < 0.25:
        small = blurred(small, 0.3 + 0.4 * numbers[2])
    if numbers[3] < 0.4:
        small = small + torch.randn(small.shape, generator=dice) * (0.02 * torch.rand(1, generator=dice).item())
    return (small.clamp(0, 1) * 255).round() / 255


def two_views(square: Tensor, side: int, factor: int, dice: torch.Generator) -> Views:
    """Views of `side` pixels of a square [3, side + SPARE, side + SPARE]."""
    dy, dx = (int(number) for number in torch.randint(0, SPARE, (2,), generator=dice))
    large = torch.stack([square[:, :side, :side], square[:, dy : dy + side, dx : dx + side]])
    small = torch.cat([shrink(view[None], factor, dice) for view in large])
    return Views(small, large, (dy, dx))


def made_views(small: Tensor, large: Tensor, cells: int, dice: torch.Generator) -> Views:
    """Two parts of a pair that the world model made (uint8). Nothing ties them: the model's faults move with its grid."""
    factor = large.shape[1] // small.shape[1]
    smalls, larges = [], []
    for _ in range(2):
        top, left = (int(torch.randint(0, limit - cells + 1, (1,), generator=dice)) for limit in small.shape[1:])
        smalls.append(small[:, top : top + cells, left : left + cells].float() / 255)
        top, left, side = factor * top, factor * left, factor * cells
        larges.append(large[:, top : top + side, left : left + side].float() / 255)
    return Views(torch.stack(smalls), torch.stack(larges), None)
