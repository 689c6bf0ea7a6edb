"""The oldest design, for comparison: every frame is made from the few before it and never looked at again.

The network's levels in time want at least eight frames, so a window of eight slides over the clip: the frames
before the next one are given, the network makes the rest of the window, and only the next frame is kept. Trained
by train.py with `--task next` (issue 4; the autoregressive designs of Lumiere's section 2).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .flow_matching import generate
from .tokenizer import Tokenizer

WINDOW = 8  # frames that the network sees; at most seven of them are given


def prefix_mask(n: int, frames: int, height: int, width: int, generator: torch.Generator) -> Tensor:
    """Training masks [n, T, 1, H, W]: the first k frames given, half of the time all but the last, else k = 0..T-2."""
    device = generator.device
    full = torch.rand(n, generator=generator, device=device) < 0.5
    short = torch.randint(0, frames - 1, (n,), generator=generator, device=device)
    known = torch.where(full, torch.full_like(short, frames - 1), short)
    given = torch.arange(frames, device=device).unsqueeze(0) < known.unsqueeze(1)
    return given.float().view(n, frames, 1, 1, 1).expand(n, frames, 1, height, width)


@torch.no_grad()
def generate_frame_by_frame(
    model: nn.Module,
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
    """Clips uint8 [N, frames, 3, size, size] on the CPU, at `frames` times the cost of a clip of eight frames.

    `frames` is at least `WINDOW`.
    """
    if frames < WINDOW:
        raise ValueError(f"a clip made frame by frame has at least {WINDOW} frames, not {frames}")
    empty, made = tokenizer.batch([""]).to(device), []
    for start in range(0, len(texts), batch):
        tokens = tokenizer.batch(texts[start : start + batch]).to(device)
        clip = torch.zeros(len(tokens), frames, 3, size, size, device=device)
        for frame in range(frames):
            first = max(0, frame - WINDOW + 1)
            mask = torch.zeros(len(tokens), WINDOW, 1, size, size, device=device)
            mask[:, : frame - first] = 1.0
            with torch.autocast("cuda", torch.bfloat16, enabled=device == "cuda"):
                window = generate(
                    model,
                    tokens,
                    empty,
                    (len(tokens), WINDOW, 3, size, size),
                    seconds * WINDOW / frames,
                    steps=steps,
                    guidance=guidance,
                    shift=shift,
                    seed=seed + start + 7919 * frame,
                    mask=mask,
                    given=clip[:, first : first + WINDOW],
                )
            clip[:, frame] = window[:, frame - first].float()
        made.append(((clip + 1) * 127.5 + 0.5).clamp(0, 255).to(torch.uint8).cpu())
    return torch.cat(made)
