"""Pairs of frames with known motion: a piece of one photograph moves over another.

The background has a camera's motion, the object its own, bent a little; light, noise and sharpness
differ between the two frames. Everything is drawn from the generator that is handed in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from ..style.pictures import Pictures
from .network import STRIDE


@dataclass
class Pair:
    """Two frames and what is known of them; cells are in rows, coordinates -1..1 over the frame."""

    first: Tensor  # [N, 3, S, S] 0..1
    second: Tensor
    labels_first: Tensor  # [N, C, C] share of a cell that the object covers
    labels_second: Tensor
    source: Tensor  # [N, C, C, 2] where the centre of a second frame's cell stands in the first (x, y)
    seen: Tensor  # [N, C, C] whether it is seen there


def _uniform(count: int, dice: torch.Generator, *shape: int) -> Tensor:
    return torch.rand(count, *shape, generator=dice) * 2 - 1


def _affine(count: int, dice: torch.Generator, turn: float, scale: float, shift: float) -> Tensor:
    """[N, 2, 3]: frame coordinates to a layer's."""
    numbers = _uniform(count, dice, 5)
    angle, size = numbers[:, 0] * turn, (numbers[:, 1] * math.log(scale)).exp()
    squeeze = (numbers[:, 2] * 0.1).exp()
    cosine, sine = angle.cos(), angle.sin()
    matrix = torch.zeros(count, 2, 3)
    matrix[:, 0, 0], matrix[:, 0, 1] = size * squeeze * cosine, -size * sine
    matrix[:, 1, 0], matrix[:, 1, 1] = size * sine, size / squeeze * cosine
    matrix[:, :, 2] = numbers[:, 3:] * shift
    return matrix


def _bend(count: int, size: int, dice: torch.Generator, amount: float) -> Tensor:
    """[N, S, S, 2]: a smooth displacement."""
    coarse = _uniform(count, dice, 2, 5, 5) * amount * torch.rand(count, 1, 1, 1, generator=dice)
    return functional.interpolate(coarse, (size, size), mode="bicubic", align_corners=False).permute(0, 2, 3, 1)


def blobs(count: int, size: int, dice: torch.Generator) -> Tensor:
    """[N, 1, S, S] 0..1: round, long, lobed and pointed shapes, soft by a pixel, about the middle."""
    line = (torch.arange(size) + 0.5) / size * 2 - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    numbers = torch.rand(count, 16, generator=dice)
    turn = (numbers[:, 0] * math.pi)[:, None, None]
    stretch = (0.55 * (numbers[:, 1] * 2 - 1)).exp()[:, None, None]
    u = (x * turn.cos() + y * turn.sin()) / stretch
    v = (y * turn.cos() - x * turn.sin()) * stretch
    angle = torch.atan2(v, u)
    radius = (0.16 + 0.34 * numbers[:, 2])[:, None, None].expand(count, size, size).clone()
    for lobe in range(2, 7):
        height = (0.35 / lobe * numbers[:, lobe + 1])[:, None, None]
        radius = radius * (1 + height * (lobe * angle + (6.28 * numbers[:, lobe + 8])[:, None, None]).sin())
    return ((radius - (u * u + v * v).sqrt()) * size / 2 + 0.5).clamp(0, 1)[:, None]


def _move(grid: Tensor, matrix: Tensor) -> Tensor:
    return grid @ matrix[:, None, :, :2].transpose(2, 3) + matrix[:, None, None, :, 2]


def _undo(points: Tensor, matrix: Tensor) -> Tensor:
    inverse = torch.linalg.inv(matrix[:, :, :2])
    return (points - matrix[:, None, None, :, 2]) @ inverse[:, None].transpose(2, 3)


def _sample(layer: Tensor, grid: Tensor, padding: str = "reflection") -> Tensor:
    return functional.grid_sample(layer, grid, mode="bilinear", padding_mode=padding, align_corners=False)


def _film(frames: Tensor, dice: torch.Generator) -> Tensor:
    """What a camera does to a frame: light, colour, softness, noise."""
    count = len(frames)
    gain = (0.18 * _uniform(count, dice, 1)).exp() * (0.07 * _uniform(count, dice, 3)).exp()
    lift = 0.05 * _uniform(count, dice, 1)
    frames = frames * gain[..., None, None] + lift[..., None, None]
    soft = functional.avg_pool2d(functional.pad(frames, (1, 1, 1, 1), mode="reflect"), 3, 1)
    share = torch.rand(count, 1, 1, 1, generator=dice) ** 2
    noise = torch.randn(frames.shape, generator=dice) * 0.03 * torch.rand(count, 1, 1, 1, generator=dice)
    return (frames + share * (soft - frames) + noise).clamp(0, 1)


def render(pictures: Pictures, count: int, size: int, dice: torch.Generator) -> Pair:
    """`count` pairs of `size` x `size` frames."""
    line = (torch.arange(size) + 0.5) / size * 2 - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    plain = torch.stack([x, y], -1).expand(count, size, size, 2)
    room = round(size * 1.3)
    back = pictures.photos(count, room, dice)
    # One object in three is cut from a photograph like its background: nothing but its motion tells.
    front = pictures.photos(count, room, dice)
    alike = torch.rand(count, generator=dice) < 0.35
    front[alike] = back[alike].flip(2) if torch.rand(1, generator=dice) < 0.5 else back[alike].flip(3)
    shape = blobs(count, room, dice)

    camera_first = torch.tensor([[0.72, 0, 0], [0, 0.72, 0]]).expand(count, 2, 3)
    camera_second = _chain(camera_first, _affine(count, dice, 0.15, 1.12, 0.15))
    place = _affine(count, dice, 0.3, 1.2, 0.4)
    motion = _affine(count, dice, 0.5, 1.3, 0.3)
    object_first, object_second = place, _chain(place, motion)

    bent = plain + _bend(count, size, dice, 0.06)
    at_back, at_front = _move(bent, camera_second), _move(plain + _bend(count, size, dice, 0.12), object_second)
    alpha_first = _sample(shape, _move(plain, object_first), "zeros")
    alpha_second = _sample(shape, at_front, "zeros")
    first = _mix(_sample(back, _move(plain, camera_first)), _sample(front, _move(plain, object_first)), alpha_first)
    second = _mix(_sample(back, at_back), _sample(front, at_front), alpha_second)

    cells = functional.avg_pool2d(torch.cat([alpha_first, alpha_second], 1), STRIDE)
    centre = lambda grid: functional.avg_pool2d(grid.permute(0, 3, 1, 2), STRIDE).permute(0, 2, 3, 1)  # noqa: E731
    is_object = (cells[:, 1] > 0.5)[..., None]
    source = torch.where(is_object, _undo(centre(at_front), object_first), _undo(centre(at_back), camera_first))
    there = _sample(alpha_first, source)[:, 0]
    layer = torch.where(is_object[..., 0], there > 0.5, there < 0.5)
    # A cell on the edge belongs to both; what left the frame to none.
    whole = (cells[:, 1] - 0.5).abs() > 0.3
    seen = layer & whole & (source.abs().amax(-1) < 1)
    return Pair(_film(first, dice), _film(second, dice), cells[:, 0], cells[:, 1], source, seen)


def _mix(back: Tensor, front: Tensor, alpha: Tensor) -> Tensor:
    return back + (front - back) * alpha


def _chain(outer: Tensor, inner: Tensor) -> Tensor:
    """outer after inner."""
    full = torch.zeros(len(inner), 3, 3)
    full[:, :2], full[:, 2, 2] = inner, 1
    return outer @ full
