"""A painted mask through a clip, frame by frame, as a program would do it."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

from .network import CELLS, TOP, Follower, double, drawn

RECENT = 2  # frames remembered beside the painted one


def padded(pictures: Tensor) -> Tensor:
    """[N, C, H, W] to multiples of 16, at the right and at the bottom."""
    height, width = pictures.shape[-2:]
    return functional.pad(pictures, (0, -width % 16, 0, -height % 16), mode="replicate")


@torch.no_grad()
def follow(network: Follower, frames: Tensor, mask: Tensor, recent: int = RECENT, alone: bool = False) -> Iterator[Tensor]:
    """Masks [H, W] 0..1 of frames [T, 3, H, W] 0..1, the first's `mask` [H, W] given.

    With `alone` what the keys carry is the mask, nothing is drawn: what the decoder is worth.
    """
    height, width = mask.shape
    previous = padded(mask[None, None].float())
    keys: list[Tensor] = []
    values: list[Tensor] = []
    yield mask.float()
    for at in range(len(frames)):
        picture = padded(frames[at : at + 1])
        seen = network.encode(picture)
        if at:
            told = network.read(seen.key, torch.stack(keys, 1), torch.stack(values, 1), TOP)
            logits = network.decode(seen, told, previous)
            carried = double(functional.pixel_shuffle(told[:, -CELLS:], 4))
            previous = carried if alone else drawn(logits, previous)
            yield previous[0, 0, :height, :width]
        keys.append(seen.key)
        values.append(network.remember(picture, seen.eighth, previous))
        # The painted frame stays; of the others the oldest goes.
        if len(keys) > 1 + recent:
            del keys[1], values[1]
