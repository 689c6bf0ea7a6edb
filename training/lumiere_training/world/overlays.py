"""Scenes that editors lay over footage: confetti, bokeh, light leaks."""

from __future__ import annotations

import torch
from torch import Tensor

from .attributes import COLOURS
from .canvas import Canvas, over, smooth
from .primitives import Texture, box, coverage, disc, wrap
from .sky import gradient

PARTY = ("red", "orange", "yellow", "green", "turquoise", "blue", "purple", "pink")


def confetti(canvas: Canvas) -> Tensor:
    """Paper snippets of many colours tumbling down."""
    wall = canvas.paint("background", 0.03)
    picture = gradient(canvas, wall, wall * 0.82, end=1.0)
    pace, size = canvas.pace(), canvas.size()
    shown = 8 + 24 * ((canvas.density() - 0.35) / 2.05)
    party = torch.tensor([COLOURS[name] for name in PARTY], device=canvas.device)
    for index in range(32):
        scale = 0.055 * size * canvas.rand(0.8, 1.25)
        fall = canvas.rand(0.34, 0.62)
        spin = canvas.rand(0, 6.28) + canvas.time * canvas.rand(1.5, 4.0)
        x = canvas.rand(-1.05, 1.05) + 0.06 * torch.sin(canvas.rand(0, 6.28) + canvas.time * canvas.rand(1.0, 2.5))
        y = wrap(canvas.rand(-1.3, 1.3) + canvas.time * pace * fall, 1.3)
        cosine, sine = torch.cos(spin), torch.sin(spin)
        px, py = canvas.x - x, canvas.y - y
        u, v = px * cosine + py * sine, -px * sine + py * cosine
        flip = torch.cos(spin * 1.7)
        shape = box(u, v, scale, scale * (0.2 + 0.5 * flip.abs()))
        picture = over(
            picture,
            party[index % len(PARTY)].view(1, 1, 3, 1, 1) * (0.88 + 0.12 * flip).unsqueeze(2),
            coverage(canvas, shape) * (shown > index),
        )
    return picture


def bokeh(canvas: Canvas) -> Tensor:
    """Out-of-focus lights drifting in one direction on a dark ground."""
    dx, dy = canvas.heading()
    picture = gradient(canvas, canvas.constant(0.05, 0.05, 0.09), canvas.constant(0.11, 0.09, 0.13), end=1.0)
    tint = canvas.paint(jitter=0.02)
    picture = picture + 0.10 * tint
    pace, size = canvas.pace(), canvas.size()
    shown = 9 + 15 * ((canvas.density() - 0.35) / 2.05)
    for index in range(24):
        radius = 0.15 * size * canvas.rand(0.6, 1.25)
        speed = canvas.time * pace * canvas.rand(0.16, 0.28)
        x, y = wrap(canvas.rand(-1.5, 1.5) + dx * speed, 1.5), wrap(canvas.rand(-1.5, 1.5) + dy * speed, 1.5)
        distance = disc(canvas.x - x, canvas.y - y, radius)
        soft = (0.5 - distance / (0.10 * radius + canvas.pixel)).clamp(0, 1)
        rim = torch.exp(-((distance / (0.10 * radius)) ** 2))
        pulse = canvas.rand(0.50, 1.0) * (0.85 + 0.15 * torch.sin(canvas.time * canvas.rand(0.8, 2.0) + canvas.rand(0, 6.28)))
        varied = tint * canvas.rand(0.75, 1.1).unsqueeze(2) + canvas.rand(0.0, 0.14).unsqueeze(2)
        picture = picture + varied * ((soft * 0.62 + rim * 0.22) * pulse * (shown > index)).unsqueeze(2)
    return picture.clamp(max=1.1)


def light_leaks(canvas: Canvas) -> Tensor:
    """Warm film light leaks that sweep across black: made for the screen blend mode."""
    heading, _ = canvas.heading()
    tint, pace = canvas.paint(jitter=0.03), canvas.pace()
    picture = canvas.blank() + canvas.constant(0.02, 0.02, 0.025)
    texture = Texture(canvas, 5.0, beta=3.0, lowest=1)
    for index in range(3):
        period = 2.6
        tilt = canvas.rand(-0.35, 0.35)
        centre = wrap(
            canvas.rand(-0.3, 0.3) + index * period / 3 * 1.15 + heading * canvas.time * pace * canvas.rand(0.34, 0.46),
            period / 2 + 0.6,
        )
        width = canvas.rand(0.22, 0.50)
        across = (
            canvas.x + tilt * canvas.y - centre + 0.10 * texture.read(canvas.x * 0.7 + index, canvas.y * 0.7 + 0.2 * canvas.time)
        ) / width
        band = torch.exp(-(across**2)) * canvas.rand(0.7, 1.0)
        core = torch.exp(-((across / 0.45) ** 2))
        hot = tint + (canvas.constant(1.0, 0.93, 0.75) - tint) * (0.65 * core).unsqueeze(2)
        picture = picture + hot * band.unsqueeze(2)
    return picture * (0.92 + 0.08 * smooth(1.4, 0.2, canvas.y.abs())).unsqueeze(2)
