"""Outlines and motions that scenes are made of. All is drawn from the generator that is handed in, on its device."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from .flow import plain


def uniform(dice: torch.Generator, *shape: int) -> Tensor:
    """-1..1."""
    return torch.rand(*shape, generator=dice, device=dice.device) * 2 - 1


def affine(numbers: Tensor) -> Tensor:
    """[N, 6] (turn, log of the size, log of the squeeze, shear, x, y) -> [N, 2, 3]: frame coordinates to a layer's."""
    turn, size, squeeze, shear, x, y = numbers.unbind(1)
    cosine, sine, size, squeeze = turn.cos(), turn.sin(), size.exp(), squeeze.exp()
    first = torch.stack([size * squeeze * cosine, size * (shear - sine), x], 1)
    second = torch.stack([size * sine, size / squeeze * cosine, y], 1)
    return torch.stack([first, second], 1)


def full(matrix: Tensor) -> Tensor:
    """[N, 2, 3] -> [N, 3, 3]."""
    last = torch.tensor([0.0, 0.0, 1.0], device=matrix.device).expand(len(matrix), 1, 3)
    return torch.cat([matrix, last], 1)


def after(outer: Tensor, inner: Tensor) -> Tensor:
    """The affine map `outer` after `inner`, both [N, 2, 3]."""
    return outer @ full(inner)


def turned(angle: Tensor, joint: Tensor) -> Tensor:
    """[N] and [N, 2] -> [N, 2, 3]: turned about a point."""
    cosine, sine = angle.cos(), angle.sin()
    turn = torch.stack([torch.stack([cosine, -sine], 1), torch.stack([sine, cosine], 1)], 1)
    return torch.cat([turn, (joint[..., None] - turn @ joint[..., None])], 2)


def move(grid: Tensor, matrix: Tensor) -> Tensor:
    """[N, H, W, 2] by [N, 2, 3]."""
    return grid @ matrix[:, None, :, :2].transpose(2, 3) + matrix[:, None, None, :, 2]


def undo(grid: Tensor, matrix: Tensor) -> Tensor:
    a, b, c, d = matrix[:, 0, 0], matrix[:, 0, 1], matrix[:, 1, 0], matrix[:, 1, 1]
    inverse = torch.stack([torch.stack([d, -b], 1), torch.stack([-c, a], 1)], 1) / (a * d - b * c)[:, None, None]
    return (grid - matrix[:, None, None, :, 2]) @ inverse[:, None].transpose(2, 3)


def bend(count: int, size: int, dice: torch.Generator, amount: float) -> Tensor:
    """[N, S, S, 2]: a smooth displacement, of some more than of others."""
    coarse = uniform(dice, count, 2, 5, 5) * amount * torch.rand(count, 1, 1, 1, generator=dice, device=dice.device)
    return functional.interpolate(coarse, (size, size), mode="bicubic", align_corners=False).permute(0, 2, 3, 1)


def blobs(
    count: int, size: int, dice: torch.Generator, least: float, most: float, long: float = 0.55, at: Tensor | None = None
) -> Tensor:
    """[N, 1, S, S] 0..1: round, long, lobed and pointed shapes, soft by a pixel, about the middle or `at` [N, 2].

    Radii from `least` to `most` of half the side, stretched by up to `long` (log).
    """
    grid = plain(count, size, size, dice.device)
    x, y = (grid if at is None else grid - at[:, None, None]).unbind(-1)
    numbers = torch.rand(count, 16, generator=dice, device=dice.device)
    turn = (numbers[:, 0] * math.pi)[:, None, None]
    stretch = (long * (numbers[:, 1] * 2 - 1)).exp()[:, None, None]
    u = (x * turn.cos() + y * turn.sin()) / stretch
    v = (y * turn.cos() - x * turn.sin()) * stretch
    angle = torch.atan2(v, u)
    radius = (least + (most - least) * numbers[:, 2])[:, None, None].expand(count, size, size)
    for lobe in range(2, 7):
        height = (0.35 / lobe * numbers[:, lobe + 1])[:, None, None]
        radius = radius * (1 + height * (lobe * angle + (6.28 * numbers[:, lobe + 8])[:, None, None]).sin())
    return ((radius - (u * u + v * v).sqrt()) * size / 2 + 0.5).clamp(0, 1)[:, None]


def regions(pictures: Tensor, dice: torch.Generator, motion: Tensor | None = None, middle: bool = False) -> Tensor:
    """[N, 3, H, W] 0..1 -> [N, 1, H, W] 0..1: an area of like colour, and like `motion` [N, 2, h, w], as an object has.

    A quarter of the picture's size is parted into 30 pieces by k-means over place, colour and motion
    (as in SLIC, Achanta et al., 2012, without its search window); a piece and those near it that are
    like it are the area. In the `middle` or anywhere.
    """
    count, _, height, width = pictures.shape
    small = functional.interpolate(pictures, (height // 4, width // 4), mode="bilinear", antialias=True, align_corners=False)
    grid = plain(count, *small.shape[2:], small.device).permute(0, 3, 1, 2)
    kinds = [grid * 1.2, small * 3]
    if motion is not None:
        kinds.append(functional.interpolate(motion, small.shape[2:], mode="bilinear", align_corners=False) * 12)
    points = torch.cat(kinds, 1).flatten(2).transpose(1, 2)  # [N, P, F]
    at = plain(count, 5, 6, small.device).flatten(1, 2) + 0.1 * uniform(dice, count, 30, 2)
    centres = functional.grid_sample(torch.cat(kinds, 1), at[:, None], align_corners=False)[:, :, 0].transpose(1, 2)
    for _ in range(3):
        share = (torch.cdist(points, centres).square() * -40).softmax(-1)
        centres = share.transpose(1, 2) @ points / share.sum(1)[..., None].clamp(min=1e-3)
    place, look = centres[..., :2] / 1.2, centres[..., 2:]
    wanted = (0.25 if middle else 0.8) * uniform(dice, count, 1, 2)
    chosen = (place - wanted).norm(dim=-1).argmin(1)
    own = torch.arange(count, device=small.device)
    near = (place - place[own, chosen][:, None]).norm(dim=-1)
    like = (look - look[own, chosen][:, None]).norm(dim=-1)
    reach = 0.25 + 1.1 * torch.rand(count, 1, generator=dice, device=dice.device)
    inside = near + 0.8 * like < reach * 0.6
    inside = inside | (torch.arange(30, device=small.device)[None] == chosen[:, None])
    area = (share * inside[:, None]).sum(-1).reshape(count, 1, *small.shape[2:])
    area = functional.avg_pool2d(functional.pad(area, (1, 1, 1, 1), mode="replicate"), 3, 1)
    area = functional.interpolate(area, (height, width), mode="bilinear", align_corners=False)
    return ((area - 0.5) * 5 + 0.5).clamp(0, 1)
