"""Scenes of water: sea, lake, rain, ink, bubbles."""

from __future__ import annotations

import torch
from torch import Tensor

from .canvas import Canvas, over, smooth
from .primitives import Ridge, Texture, below, coverage, disc, splats, wrap
from .sky import SKY_LOW, daylight, gradient, sky

HORIZON = -0.25


def sea(canvas: Canvas) -> Tensor:
    """Waves rolling left or right in perspective under the sky, with lit crest lines."""
    heading, _ = canvas.heading()
    distance = heading * canvas.pace() * 0.55 * canvas.time
    near = (canvas.y - HORIZON).clamp(min=0.015)
    depth = 0.42 / near
    x = canvas.x * (0.35 + 0.75 * depth) - distance * 1.25
    z = depth * 1.6
    rolling, cross = Texture(canvas, 3.6, beta=2.5, lowest=3), Texture(canvas, 2.2, beta=2.1, lowest=4)
    # Crests stand across the direction of travel: stretch the texture along depth.
    height = rolling.read(x * 1.15 + 0.25 * z, z * 0.42) + 0.40 * cross.read(x * 1.3 - distance * 0.25 - 0.3 * z, z * 0.8)
    ahead = rolling.read(x * 1.15 + 0.25 * z + 0.09, z * 0.42) + 0.40 * cross.read(
        x * 1.3 - distance * 0.25 - 0.3 * z + 0.09, z * 0.8
    )
    slope = (height - ahead) * heading.sign()
    haze = torch.exp(-near * 5.0)
    deep = canvas.choose("light", {"day": (0.03, 0.25, 0.46), "sunset": (0.20, 0.14, 0.30), "night": (0.03, 0.07, 0.20)})
    lit = canvas.choose("light", {"day": (0.22, 0.58, 0.72), "sunset": (0.95, 0.52, 0.34), "night": (0.20, 0.28, 0.50)})
    far = canvas.choose("light", SKY_LOW)
    body = (0.45 + 0.24 * height + 0.8 * slope * (1 - haze)).clamp(0, 1)
    water = deep + (lit - deep) * body.unsqueeze(2)
    # Crest lines, not thresholded patches: bright where the height passes a level on its way up.
    crest = torch.exp(-(((height - 0.95) / 0.12) ** 2)) * smooth(-0.1, 0.25, slope) * (1 - haze) * canvas.rand(0.45, 0.8)
    water = over(water, daylight(canvas) * 0.97, crest)
    water = over(water, far, haze * 0.75)
    picture = sky(canvas, end=HORIZON)
    return over(picture, water, below(canvas, torch.full_like(canvas.x, HORIZON), 1.5))


def lake(canvas: Canvas) -> Tensor:
    """Mountains mirrored in a still lake with slow ripples; the camera moves."""
    level = 0.22
    far, near = Ridge(canvas, 6.0, beta=2.3), Ridge(canvas, 4.4, beta=2.2)
    shift = canvas.rand(0, 5)
    tint = daylight(canvas)

    def land(y: Tensor) -> Tensor:
        share = ((y + 1) / (1 + level)).clamp(0, 1).unsqueeze(2)
        top, low = (
            canvas.choose("light", {"day": (0.25, 0.50, 0.88), "sunset": (0.30, 0.22, 0.50), "night": (0.04, 0.06, 0.18)}),
            canvas.choose("light", SKY_LOW),
        )
        base = (top + (low - top) * share).expand(-1, -1, -1, -1, canvas.width)
        peak = -0.22 - 0.20 * far.read(canvas.x * 0.9 + shift)
        body = (0.5 + (y - peak) / canvas.pixel).clamp(0, 1)
        snow = smooth(0.16, 0.06, y - peak)
        rock = canvas.constant(0.42, 0.46, 0.58) + (0.5 * snow).unsqueeze(2)
        base = over(base, rock * tint, body)
        shore = 0.10 - 0.07 * near.read(canvas.x * 1.3 + shift)
        return over(base, canvas.constant(0.10, 0.24, 0.13) * tint, (0.5 + (y - shore) / canvas.pixel).clamp(0, 1))

    picture = land(canvas.y.expand(-1, -1, -1, canvas.width))
    under = (canvas.y - level).clamp(min=0.0)
    ripple = Texture(canvas, 1.6, beta=2.0, lowest=4)
    depth = 0.25 / (under + 0.12)
    wave = ripple.read(canvas.x * 0.35 * depth, depth * 1.2 + canvas.time * 0.16)
    mirror = land(2 * level - canvas.y - wave * (0.015 + 0.10 * under))
    water = mirror * 0.78 + canvas.constant(0.02, 0.07, 0.11) + (wave * 0.035).unsqueeze(2)
    return over(picture, water, below(canvas, torch.full_like(canvas.x, level)))


def rain(canvas: Canvas) -> Tensor:
    """Rain slanting left or right in front of blurred lamps."""
    heading, _ = canvas.heading()
    low = canvas.choose("light", {"day": (0.58, 0.63, 0.70), "sunset": (0.56, 0.42, 0.44), "night": (0.12, 0.14, 0.24)})
    top = canvas.choose("light", {"day": (0.36, 0.42, 0.50), "sunset": (0.30, 0.25, 0.36), "night": (0.05, 0.06, 0.13)})
    picture = gradient(canvas, top, low, end=1.0)
    lamps = 9
    sigma = canvas.rand(0.05, 0.14, (1, lamps))
    hue = torch.stack((canvas.rand(0.5, 1, (1, lamps)), canvas.rand(0.4, 0.9, (1, lamps)), canvas.rand(0.2, 0.7, (1, lamps))), -1)
    picture = picture + 0.42 * splats(
        canvas, canvas.rand(-1, 1, (1, lamps)), canvas.rand(-0.2, 0.7, (1, lamps)), sigma, sigma, hue
    )
    blocks = Ridge(canvas, 5.0, beta=0.8, lowest=4, highest=30)
    line = 0.45 - 0.14 * torch.round(blocks.read(canvas.x + 2) * 1.4) / 1.4
    picture = over(picture, top * 0.55, below(canvas, line) * 0.75)
    # One shear of the coordinates slants every streak: splats stay separable.
    slant = 0.28
    pace = canvas.pace()
    streaks = torch.zeros(1, device=canvas.device)
    thick = ((canvas.density() - 0.35) / 2.05).clamp(0, 1).squeeze(-1)
    for drops, fall, long, strength in ((90, 1.9, 0.085, 0.55), (46, 2.7, 0.14, 0.85)):
        keep = (canvas.rand(0, 1, (1, drops)) < 0.20 + 0.80 * thick).float()
        y = wrap(canvas.rand(-1.3, 1.3, (1, drops)) + (fall * (0.45 + 0.55 * pace) * canvas.time).squeeze(-1), 1.3)
        x = canvas.rand(-1.9, 1.9, (1, drops)) + heading.squeeze(-1) * slant * y
        # The streak itself: three splats along the slant.
        for part in (-0.7, 0.0, 0.7):
            dy = part * long
            streaks = streaks + splats(
                canvas,
                x + heading.squeeze(-1) * slant * dy,
                y + dy,
                torch.full_like(x, 0.0085),
                torch.full_like(x, long * 0.5),
                keep * strength * 0.5,
            )
    return over(picture, canvas.constant(0.86, 0.90, 0.97), streaks.clamp(0, 0.85))


def ink(canvas: Canvas) -> Tensor:
    """A cloud of ink opening in clear water."""
    picture = gradient(canvas, canvas.paint("background", 0.03), canvas.paint("background", 0.03) * 0.86, end=1.0)
    pace = canvas.pace()
    warp_x, warp_y = Texture(canvas, 2.4, beta=2.7), Texture(canvas, 2.4, beta=2.7)
    grain = Texture(canvas, 1.5, beta=2.3, lowest=3)
    rise = 0.05 * canvas.time * pace
    bend = 0.08
    u = canvas.x + bend * warp_x.read(canvas.x, canvas.y - rise)
    v = canvas.y + bend * warp_y.read(canvas.x + rise, canvas.y)
    centre_x, centre_y = canvas.rand(-0.2, 0.2), canvas.rand(-0.3, 0.0)
    grown = 0.16 + 0.78 * (1 - torch.exp(-canvas.time * 0.42 * pace)) * canvas.size() ** 0.7
    away = torch.sqrt((u - centre_x) ** 2 + ((v - centre_y) * 0.85 - 0.10 * grown) ** 2 + 1e-6)
    body = (grown - away) / 0.16 + 0.95 * grain.read(u - rise, v + rise) - 0.15
    cloud = torch.sigmoid(2.6 * body)
    shade = 0.72 + 0.30 * torch.tanh(grain.read(u * 1.6 + 0.3, v * 1.6 - rise))
    return over(picture, canvas.paint() * shade.unsqueeze(2), cloud)


def bubbles(canvas: Canvas) -> Tensor:
    """Soap bubbles or air bubbles rising with a rim and a highlight."""
    tint = canvas.paint("background", 0.04)
    picture = gradient(canvas, tint * 1.05, tint * 0.45, end=1.2)
    rays = Texture(canvas, 2.0, beta=2.4)
    shaft = smooth(0.2, 1.6, rays.read(canvas.x + 0.45 * canvas.y, canvas.time * 0.12)) * smooth(0.9, -1.0, canvas.y)
    picture = picture + 0.22 * shaft.unsqueeze(2)
    pace, size = canvas.pace(), canvas.size()
    shown = 4 + 12 * ((canvas.density() - 0.35) / 2.05)
    for index in range(16):  # a loop over bubbles: each is one disc in all frames
        radius = (0.055 + 0.075 * canvas.rand()) * size
        x = canvas.rand(-0.95, 0.95) + 0.05 * torch.sin(canvas.rand(0, 6.28) + canvas.time * canvas.rand(1.0, 2.4))
        y = wrap(canvas.rand(-1.35, 1.35) - canvas.time * pace * canvas.rand(0.26, 0.42), 1.35)
        dx, dy = canvas.x - x, canvas.y - y
        distance = disc(dx, dy, radius)
        inside = coverage(canvas, distance) * (shown > index)
        rim = torch.exp(-((distance / (0.16 * radius)) ** 2)) * inside
        shine = torch.exp(-(((dx + 0.38 * radius) ** 2 + (dy + 0.38 * radius) ** 2) / (0.035 * radius**2))) * inside
        picture = over(picture, canvas.constant(0.92, 0.97, 1.0), (0.12 * inside + 0.62 * rim + 0.8 * shine).clamp(max=0.95))
    return picture
