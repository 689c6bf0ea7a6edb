"""The design that the paper argues against, for comparison: distant key frames, then temporal super-resolution.

A first model makes key frames that span the whole clip (16 frames of 5 s); a second fills the frames
between them in short windows (16 frames of 1 s) that do not see each other. Both are trained by
train.py with `--task keyframes` and `--task interpolate`, together in the minutes of one whole-clip
model (Lumiere, figure 3 and section 3).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .flow_matching import generate
from .tokenizer import Tokenizer

STRIDE = 5  # frames of the clip from one key frame to the next
WINDOW = 16  # frames that the second model makes at once


def key_positions(frames: int) -> Tensor:
    """Frames of the whole clip at which key frames stand: the middle of each stretch of `STRIDE`."""
    return torch.arange(frames // STRIDE) * STRIDE + STRIDE // 2


def interpolation_mask(n: int, frames: int, height: int, width: int, generator: torch.Generator) -> Tensor:
    """Training masks of the second model: every fifth frame given, at a random phase; [n, T, 1, H, W]."""
    device = generator.device
    phase = torch.randint(0, STRIDE, (n, 1), generator=generator, device=device)
    given = (torch.arange(frames, device=device).unsqueeze(0) - phase) % STRIDE == 0
    return given.float().view(n, frames, 1, 1, 1).expand(n, frames, 1, height, width)


def step_at_joins(clips: Tensor, window: int = WINDOW) -> float:
    """How much pictures change where windows join, by how much they change elsewhere; 1: no join can be told.

    `clips` [N, T, 3, H, W], T a multiple of `window` and more. Pictures are averaged to 8x8 first, so that
    grain does not count.
    """
    n, frames = clips.shape[:2]
    small = functional.adaptive_avg_pool2d(clips.float().flatten(0, 1), 8).view(n, frames, 3, 8, 8)
    steps = (small[:, 1:] - small[:, :-1]).abs().mean((0, 2, 3, 4))
    joins = torch.zeros(frames - 1, dtype=torch.bool)
    joins[window - 1 :: window] = True
    return (steps[joins].mean() / steps[~joins].mean()).item()


@torch.no_grad()
def generate_cascade(
    key_model: nn.Module,
    between_model: nn.Module,
    tokenizer: Tokenizer,
    texts: list[str],
    frames: int,
    size: int,
    seconds: float,
    *,
    steps: int,
    guidance: float,
    shift: float,
    batch: int,
    device: str,
    seed: int = 1,
) -> Tensor:
    """Clips uint8 [N, frames, 3, size, size] on the CPU. `frames` is a multiple of 80."""
    if frames % (STRIDE * WINDOW):
        raise ValueError(f"a cascaded clip has a multiple of {STRIDE * WINDOW} frames, not {frames}")
    empty, keys = tokenizer.batch([""]).to(device), key_positions(frames)
    made = []
    for start in range(0, len(texts), batch):
        tokens = tokenizer.batch(texts[start : start + batch]).to(device)
        options = dict(steps=steps, guidance=guidance, shift=shift)
        with torch.autocast("cuda", torch.bfloat16, enabled=device == "cuda"):
            key_frames = generate(
                key_model, tokens, empty, (len(tokens), len(keys), 3, size, size), seconds, seed=seed + start, **options
            )
            clip = torch.zeros(len(tokens), frames, 3, size, size, device=device)
            mask = torch.zeros(len(tokens), frames, 1, size, size, device=device)
            clip[:, keys], mask[:, keys] = key_frames.float(), 1.0
            for first in range(0, frames, WINDOW):
                window = slice(first, first + WINDOW)
                clip[:, window] = generate(
                    between_model,
                    tokens,
                    empty,
                    (len(tokens), WINDOW, 3, size, size),
                    seconds * WINDOW / frames,
                    seed=seed + start + 7919 * (first + 1),
                    mask=mask[:, window],
                    given=clip[:, window],
                    **options,
                ).float()
        made.append(((clip + 1) * 127.5 + 0.5).clamp(0, 255).to(torch.uint8).cpu())
    return torch.cat(made)
