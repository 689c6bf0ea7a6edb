"""Where the pixels of a frame stood in the frame before: measured once (OpenCV), chained while training."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

GRID = 4  # pixels between two vectors
STEP = 0.25  # pixels; what the stored bytes count in
UNKNOWN = -128  # stored where the flow did not hold both ways


def measure(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """RGB frames uint8 [H, W, 3] -> int8 [2, H/4, W/4]: from pixels of `after` to where they stood, x and y.

    Dense inverse search (Kroeger et al., 2016) both ways; kept where the way there and back ends
    within half a pixel and a twentieth of the way, and where both pixels look alike.
    """
    import cv2

    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (before, after)]
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    back, there = search.calc(grey[1], grey[0], None), search.calc(grey[0], grey[1], None)
    height, width = grey[0].shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    at = (x + back[..., 0], y + back[..., 1])
    returned = cv2.remap(there, *at, cv2.INTER_LINEAR)
    length = np.linalg.norm(back, axis=-1)
    good = np.linalg.norm(back + returned, axis=-1) < 0.5 + 0.05 * length
    good &= np.abs(cv2.remap(before, *at, cv2.INTER_LINEAR).astype(np.float32) - after).mean(-1) < 24
    good &= (at[0] >= 0) & (at[0] <= width - 1) & (at[1] >= 0) & (at[1] <= height - 1)
    good &= np.abs(back).max(-1) < 127 * STEP
    half = GRID // 2
    stored = np.round(back[half::GRID, half::GRID] / STEP).clip(-127, 127).astype(np.int8)
    stored[~good[half::GRID, half::GRID]] = UNKNOWN
    return stored.transpose(2, 0, 1).copy()


def unpack(stored: Tensor, height: int, width: int) -> tuple[Tensor, Tensor]:
    """int8 [N, 2, h, w] -> displacement in -1..1 units of the frame [N, 2, h, w], known [N, 1, h, w] (0 or 1)."""
    known = (stored[:, :1] != UNKNOWN).float()
    scale = torch.tensor([2 * STEP / width, 2 * STEP / height], device=stored.device)
    return stored.float() * known * scale[:, None, None], known


def plain(count: int, height: int, width: int, device: torch.device) -> Tensor:
    """[N, H, W, 2]: the coordinates -1..1 of every pixel's centre."""
    x = (torch.arange(width, device=device) + 0.5) / width * 2 - 1
    y = (torch.arange(height, device=device) + 0.5) / height * 2 - 1
    y, x = torch.meshgrid(y, x, indexing="ij")
    return torch.stack([x, y], -1).expand(count, height, width, 2)


def sample(layer: Tensor, grid: Tensor, padding: str = "zeros", mode: str = "bilinear") -> Tensor:
    return functional.grid_sample(layer, grid, mode=mode, padding_mode=padding, align_corners=False)


def chain(steps: list[tuple[Tensor, Tensor]]) -> list[tuple[Tensor, Tensor]]:
    """Displacements of each frame to the one before, the second frame's first -> of each to the first frame.

    Known where every step is.
    """
    total, known = steps[0]
    out = [(total, known)]
    here = plain(len(total), *total.shape[2:], total.device)
    for step, sure in steps[1:]:
        at = here + step.permute(0, 2, 3, 1)
        total = step + sample(total, at, "border")
        known = sure * (sample(known, at) > 0.7).float()
        out.append((total, known))
    return out
