"""Looks laid over a rendered clip: cartoon, drawing, watercolour, neon, bricks, mono.

Each takes and returns pictures [N, T, 3, H, W] in 0..1. Sizes are shares of the height, so that
a style means the same at 64 and at 128 pixels.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from .attributes import ATTRIBUTES
from .canvas import Canvas
from .primitives import Texture


def luma(picture: Tensor) -> Tensor:
    """Rec. 709 brightness [N, T, 1, H, W]."""
    weights = torch.tensor((0.2126, 0.7152, 0.0722), device=picture.device).view(1, 1, 3, 1, 1)
    return (picture * weights).sum(2, keepdim=True)


def blur(picture: Tensor, share: float) -> Tensor:
    """Two box blurs of `share` of the height."""
    n, frames, channels, height, width = picture.shape
    kernel = max(1, int(round(height * share)) // 2 * 2 + 1)
    if kernel == 1:
        return picture
    flat = picture.reshape(n * frames, channels, height, width)
    for _ in range(2):
        flat = functional.avg_pool2d(functional.pad(flat, [kernel // 2] * 4, mode="replicate"), kernel, stride=1)
    return flat.reshape(n, frames, channels, height, width)


def edges(picture: Tensor) -> Tensor:
    """Strength of colour edges [N, T, 1, H, W], about 0..1."""
    gray = blur(picture, 0.012)
    padded = functional.pad(gray.flatten(0, 1), (1, 1, 1, 1), mode="replicate")
    dx = padded[:, :, 1:-1, 2:] - padded[:, :, 1:-1, :-2]
    dy = padded[:, :, 2:, 1:-1] - padded[:, :, :-2, 1:-1]
    strength = torch.sqrt((dx**2 + dy**2).sum(1, keepdim=True) + 1e-8)
    return (strength * (picture.shape[3] / 128) ** 0.5).reshape(picture.shape[0], picture.shape[1], 1, *picture.shape[3:])


def cartoon(canvas: Canvas, picture: Tensor) -> Tensor:
    """Flat, saturated colour areas with a dark outline."""
    flat = blur(picture, 0.02)
    gray = luma(flat)
    vivid = gray + (flat - gray) * 1.45
    levels = 4.0
    scaled = vivid.clamp(0, 1) * levels
    step = torch.floor(scaled) + torch.sigmoid((torch.frac(scaled) - 0.5) * 14)
    line = ((edges(flat) - 0.16) * 5).clamp(0, 1)
    return (step / levels) * (1 - 0.88 * line)


def drawing(canvas: Canvas, picture: Tensor) -> Tensor:
    """Pencil lines and a little shading on paper."""
    paper = (
        Texture(canvas, 1.2, beta=1.7, lowest=16)
        .read(canvas.screen_x, canvas.screen_y.expand(canvas.count, -1, -1, -1))
        .unsqueeze(2)
    )
    line = ((edges(picture) - 0.05) * 4.2).clamp(0, 1)
    shade = 0.20 * (1 - luma(blur(picture, 0.03))) ** 1.6
    tone = (0.96 + 0.018 * paper - shade) * (1 - 0.85 * line)
    return tone * torch.tensor((1.0, 0.99, 0.95), device=picture.device).view(1, 1, 3, 1, 1)


def watercolour(canvas: Canvas, picture: Tensor) -> Tensor:
    """Pale pigment with darker rims and paper grain."""
    still = canvas.screen_y.expand(canvas.count, -1, -1, -1)
    grain = Texture(canvas, 1.6, beta=1.8, lowest=10).read(canvas.screen_x, still).unsqueeze(2)
    blotch = Texture(canvas, 2.4, beta=2.6).read(canvas.screen_x, still).unsqueeze(2)
    wash = blur(picture, 0.028)
    gray = luma(wash)
    pale = 0.40 + 0.60 * (gray + (wash - gray) * 1.25)
    rim = (edges(wash) * 1.6).clamp(0, 0.5)
    return (pale + 0.045 * blotch + 0.018 * grain) * (1 - rim) + 0.02


def neon(canvas: Canvas, picture: Tensor) -> Tensor:
    """Glowing outlines in the scene's own colours on near black."""
    line = ((edges(picture) - 0.07) * 3.2).clamp(0, 1)
    local = blur(picture, 0.03)
    peak = local.amax(2, keepdim=True).clamp(min=0.08)
    hue = (local / peak) ** 1.8
    light = hue * line
    return 0.05 * local + light + 1.25 * blur(light, 0.06) + 0.35 * line**3


def bricks(canvas: Canvas, picture: Tensor) -> Tensor:
    """Toy bricks: every brick one colour, with a round stud and a dark joint."""
    n, frames, channels, height, width = picture.shape
    cell = max(2, height // 16)
    flat = picture.reshape(n * frames, channels, height, width)
    small = functional.avg_pool2d(flat, cell)
    small = (torch.round(small * 6) / 6 * 1.05).clamp(0, 1)
    big = functional.interpolate(small, scale_factor=float(cell), mode="nearest").reshape_as(picture)
    along = (torch.arange(height, device=picture.device, dtype=torch.float32) % cell + 0.5) / cell * 2 - 1
    across = (torch.arange(width, device=picture.device, dtype=torch.float32) % cell + 0.5) / cell * 2 - 1
    gy, gx = along.view(-1, 1), across.view(1, -1)
    radius = torch.sqrt(gx**2 + gy**2)
    stud = torch.sigmoid((0.62 - radius) * cell * 1.5)
    rim = torch.exp(-(((radius - 0.62) / 0.16) ** 2)) * (gx + gy) * 0.30
    joint = torch.maximum(gx.abs(), gy.abs()) > 1 - 1.2 / cell
    return big * (0.90 + 0.14 * stud) * (1 - 0.22 * joint.float()) - rim * 0.7 * (0.25 + 0.75 * big)


def mono(canvas: Canvas, picture: Tensor) -> Tensor:
    """Black and white film."""
    return ((luma(picture) - 0.5) * 1.12 + 0.5).expand_as(picture)


LOOKS = {"cartoon": cartoon, "drawing": drawing, "watercolour": watercolour, "neon": neon, "bricks": bricks, "mono": mono}


def apply_style(canvas: Canvas, style: int, picture: Tensor) -> Tensor:
    """Apply the style of this index to clips 0..1, all of which ask for it (render.py sorts by style)."""
    name = ATTRIBUTES["style"][style]
    return LOOKS[name](canvas, picture) if name in LOOKS else picture
