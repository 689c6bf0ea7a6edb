"""Which pixels a sample is given: the masks of Lumiere's conditional models, in one network.

A mask is [N, T, 1, H, W], 1 = given, 0 = to be made. The all-zero mask is text to video. The
network sees the mask and the given pixels as extra channels (Lumiere, section 3.2: masked
conditioning), so image to video, inpainting and cinemagraphs are the same task with other masks.
"""

from __future__ import annotations

from itertools import accumulate

import torch
from torch import Tensor

# Share of the samples of each kind; the first gets the rest.
KINDS = ("none", "first frame", "some frames", "boxes", "strokes", "region moves")
SHARES = (0.55, 0.13, 0.08, 0.08, 0.08, 0.08)


def _uniform(n: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return torch.rand(n, 1, 1, 1, generator=generator, device=generator.device) * (high - low) + low


def draw_masks(n: int, frames: int, height: int, width: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Random masks float [n, T, 1, H, W] and their kinds int64 [n] (index into `KINDS`)."""
    device = generator.device
    # By comparisons with numbers: a table copied to a GPU would make it wait in every step.
    dice = torch.rand(n, generator=generator, device=device)
    kind = sum((dice >= share).long() for share in accumulate(SHARES[:-1]))
    time = torch.linspace(-1, 1, frames, device=device).view(1, frames, 1, 1)
    y = torch.linspace(-1, 1, height, device=device).view(1, 1, height, 1)
    x = torch.linspace(-1, 1, width, device=device).view(1, 1, 1, width)
    first = (torch.arange(frames, device=device) == 0).float().view(1, frames, 1, 1)
    # Some frames: each with one chance, drawn per clip; the last is likely (interpolation).
    chance = _uniform(n, 0.03, 0.5, generator)
    some = (torch.rand(n, frames, 1, 1, generator=generator, device=device) < chance).float()
    some = torch.maximum(some, first * (_uniform(n, 0, 1, generator) < 0.7))
    # A box that moves: everything outside is given.
    at = [_uniform(n, -0.6, 0.6, generator) + _uniform(n, -0.6, 0.6, generator) * time for _ in range(2)]
    half = [_uniform(n, 0.12, 0.55, generator) for _ in range(2)]
    hole = ((x - at[0]).abs() < half[0]) & ((y - at[1]).abs() < half[1])
    boxes = 1 - hole.float()
    # A stroke: three overlapping discs along a bent line, drifting slowly.
    stroke = torch.zeros(n, frames, height, width, device=device)
    start = [_uniform(n, -0.7, 0.7, generator) for _ in range(2)]
    drift = [_uniform(n, -0.25, 0.25, generator) * time for _ in range(2)]
    for _ in range(3):
        radius = _uniform(n, 0.12, 0.34, generator)
        start = [value + _uniform(n, -0.35, 0.35, generator) for value in start]
        near = (x - start[0] - drift[0]) ** 2 + (y - start[1] - drift[1]) ** 2 < radius**2
        stroke = torch.maximum(stroke, near.float())
    # Cinemagraph: the first frame is given whole, later only outside a fixed ellipse.
    centre = [_uniform(n, -0.5, 0.5, generator) for _ in range(2)]
    radii = [_uniform(n, 0.25, 0.8, generator) for _ in range(2)]
    region = (((x - centre[0]) / radii[0]) ** 2 + ((y - centre[1]) / radii[1]) ** 2 < 1).float()
    still = torch.maximum(1 - region.expand(n, frames, height, width), first)
    choices = (0 * boxes, first, some, boxes, 1 - stroke, still)
    mask = torch.zeros(n, frames, height, width, device=device)
    for index, choice in enumerate(choices):
        mask = torch.where((kind == index).view(-1, 1, 1, 1), choice.expand_as(mask), mask)
    return mask.unsqueeze(2), kind


def network_input(noisy: Tensor, mask: Tensor, given: Tensor) -> Tensor:
    """Noisy RGB, mask, given RGB where the mask is 1: [N, T, 7, H, W]."""
    return torch.cat([noisy, mask, given * mask], dim=2)


def compose(made: Tensor, given: Tensor, mask: Tensor) -> Tensor:
    """Given pixels come back bit for bit; the others are the network's."""
    return torch.where(mask >= 0.5, given, made)


def freeze_outside(video: Tensor, mask: Tensor, kind: Tensor) -> Tensor:
    """For "region moves": hold the first frame outside the region, so that the task is what it says."""
    held = video[:, :1].expand_as(video)
    cinemagraph = (kind == KINDS.index("region moves")).view(-1, 1, 1, 1, 1)
    return torch.where(cinemagraph & (mask >= 0.5), held, video)
