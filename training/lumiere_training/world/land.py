"""Scenes of land and weather: hills, city, trees, snow, leaves."""

from __future__ import annotations

import torch
from torch import Tensor

from .canvas import Canvas, over, smooth
from .primitives import Ridge, Texture, below, coverage, disc, ellipse, splats, wrap
from .sky import SKY_LOW, daylight, gradient, sky, star_field


def hills(canvas: Canvas) -> Tensor:
    """Four ridges with parallax, passing to the left or right."""
    heading, _ = canvas.heading()
    travel = -heading * canvas.pace() * 0.34 * canvas.time
    picture = sky(canvas, end=0.3)
    haze = canvas.choose("light", SKY_LOW)
    near = canvas.choose("light", {"day": (0.10, 0.32, 0.14), "sunset": (0.22, 0.09, 0.18), "night": (0.05, 0.09, 0.17)})
    sun = disc(
        canvas.screen_x - canvas.rand(-0.6, 0.6), canvas.screen_y + 0.62, torch.full((1, 1, 1, 1), 0.11, device=canvas.device)
    )
    picture = over(
        picture,
        canvas.choose("light", {"day": (1.0, 0.98, 0.85), "sunset": (1.0, 0.86, 0.55), "night": (0.90, 0.92, 1.0)}),
        coverage(canvas, sun) * 0.9,
    )
    for layer in range(4):
        share = (layer + 1) / 4
        ridge = Ridge(canvas, 5.5 - 0.6 * layer, beta=2.5)
        line = -0.22 + 0.27 * layer - (0.20 - 0.02 * layer) * ridge.read(canvas.x + travel * 1.25 * share**1.6 + layer)
        picture = over(picture, haze + (near - haze) * (0.25 + 0.75 * share), below(canvas, line))
    return picture


def city(canvas: Canvas) -> Tensor:
    """A skyline with lit windows; the camera moves, windows blink."""
    picture = sky(canvas, end=0.5)
    night = canvas.is_value("light", "night")
    zero = torch.zeros(1, 1, 1, device=canvas.device)
    picture = picture + (star_field(canvas, 40, zero, zero) * night * 0.8).unsqueeze(2)
    tint = daylight(canvas)
    for layer in range(2):
        pitch = 0.20 if layer else 0.15  # width of a house in world units
        x = canvas.x * (1.0 if layer else 0.7) + 7.0 + layer * 2.3
        house = torch.floor(x / pitch)
        dice = torch.frac(torch.sin(house * 12.9898 + canvas.rand(0, 50)) * 437.585).abs()
        top = (0.30 if layer else -0.10) - dice * (0.62 if layer else 0.5)
        wall = (canvas.constant(0.20, 0.22, 0.27) if layer else canvas.constant(0.45, 0.48, 0.56)) * (0.55 + 0.45 * tint)
        inside = (0.5 + (canvas.y - top) / canvas.pixel).clamp(0, 1)
        picture = over(picture, wall * (0.85 + 0.3 * dice).unsqueeze(2), inside)
        column, row = torch.frac(x / (pitch / 3)), torch.frac((canvas.y - top + 5.0) / 0.085)
        pane = smooth(0.18, 0.30, column) * smooth(0.86, 0.74, column) * smooth(0.2, 0.34, row) * smooth(0.86, 0.72, row)
        key = torch.floor(x / (pitch / 3)) * 7.13 + torch.floor((canvas.y - top + 5.0) / 0.085) * 3.71
        lit = torch.frac(torch.sin(key * 2.17 + house) * 913.1).abs()
        on = smooth(0.45, 0.55, lit + 0.22 * torch.sin(canvas.time * 1.5 * canvas.pace() + lit * 40))
        glow = canvas.choose("light", {"day": (0.62, 0.74, 0.86), "sunset": (1.0, 0.78, 0.45), "night": (1.0, 0.86, 0.50)})
        picture = over(picture, glow, pane * on * inside * (0.9 if layer else 0.55))
    return picture


def trees(canvas: Canvas) -> Tensor:
    """A row of round trees swaying in the wind on a meadow."""
    picture = sky(canvas, end=0.5)
    tint = daylight(canvas)
    grass = Texture(canvas, 1.4, beta=1.9, lowest=6)
    pace = canvas.pace()
    ground = canvas.constant(0.30, 0.50, 0.18) * tint * (0.95 + 0.12 * grass.read(canvas.x * 1.2, canvas.y * 3)).unsqueeze(2)
    picture = over(picture, ground, below(canvas, 0.52 + 0.04 * torch.sin(canvas.x * 2 + canvas.rand(0, 6))))
    leaf = canvas.paint(jitter=0.04)
    crown_texture = Texture(canvas, 0.8, beta=1.9, lowest=3)
    shown = canvas.labels["count"].view(-1, 1, 1, 1) + 1
    for index in range(5):
        middle = -(shown - 1) / 2
        spacing = 1.75 / shown.clamp(min=2)
        x = (middle + index) * spacing + canvas.rand(-0.05, 0.05)
        scale = canvas.rand(0.8, 1.1) * (1.12 - 0.09 * shown)
        foot = 0.60 + canvas.rand(-0.05, 0.08)
        sway = 0.10 * scale * torch.sin(canvas.time * 2.4 * pace + canvas.rand(0, 6.28))
        height = ((foot - canvas.y) / (0.9 * scale)).clamp(0, 1.3)
        px = canvas.x - x - sway * height**2
        here = (shown > index).float()
        trunk = (
            coverage(canvas, px.abs() - 0.045 * scale * (1.2 - 0.5 * height))
            * smooth(0.0, 0.02, foot - canvas.y)
            * smooth(0.75, 0.6, height)
        )
        picture = over(picture, canvas.constant(0.30, 0.20, 0.12) * tint, trunk * here)
        flutter = crown_texture.read(px * 1.0 + index, canvas.y + 0.05 * canvas.time * pace)
        crown = ellipse(px, canvas.y - (foot - 0.72 * scale), 0.34 * scale, 0.40 * scale) + 0.035 * flutter
        shade = 0.80 + 0.16 * flutter.clamp(-2, 2) - 0.45 * (px + canvas.y - foot + 0.72 * scale)
        picture = over(picture, leaf * tint * shade.unsqueeze(2), coverage(canvas, crown) * here)
    return picture


def snow(canvas: Canvas) -> Tensor:
    """Flakes falling over snowy ground with firs, blown left or right or straight down."""
    dx, dy = canvas.heading((0.0, 1.0))
    top = canvas.choose("light", {"day": (0.55, 0.66, 0.80), "sunset": (0.50, 0.38, 0.55), "night": (0.07, 0.10, 0.24)})
    low = canvas.choose("light", {"day": (0.82, 0.87, 0.93), "sunset": (0.95, 0.68, 0.58), "night": (0.22, 0.27, 0.45)})
    picture = gradient(canvas, top, low, end=0.6)
    tint = daylight(canvas)
    ground = Ridge(canvas, 6.0, beta=2.8)
    line = 0.55 - 0.05 * ground.read(canvas.x + 1.0)
    for _ in range(4):
        x, scale = canvas.rand(-0.95, 0.95), canvas.rand(0.6, 1.15)
        foot = 0.62 - 0.12 * (1.15 - scale)
        rise = (foot - canvas.y) / (0.85 * scale)
        layered = 0.75 + 0.25 * torch.frac(rise.clamp(0, 1) * 3.0 + 0.0001)
        half = 0.30 * scale * (1 - rise).clamp(0, 1) * (1.25 - 0.6 * (layered - 0.75) / 0.25)
        tree = coverage(canvas, (canvas.x - x).abs() - half) * (rise > 0) * (rise < 1)
        cap = smooth(0.55, 1.0, torch.frac(rise.clamp(0, 0.999) * 3.0)) * 0.75
        colour = canvas.constant(0.12, 0.28, 0.22) * tint
        picture = over(picture, colour + (0.9 * tint - colour) * cap.unsqueeze(2), tree)
    picture = over(picture, canvas.constant(0.93, 0.95, 0.98) * (0.25 + 0.75 * tint), below(canvas, line))
    pace = canvas.pace()
    thick = ((canvas.density() - 0.35) / 2.05).clamp(0, 1).squeeze(-1)
    for flakes, sigma, fall, strength in ((120, 0.010, 0.30, 0.75), (60, 0.017, 0.45, 0.95), (22, 0.030, 0.65, 0.95)):
        keep = (canvas.rand(0, 1, (1, flakes)) < 0.20 + 0.80 * thick).float()
        time = canvas.time.squeeze(-1) * pace.squeeze(-1) * fall
        sway = 0.05 * torch.sin(canvas.rand(0, 6.28, (1, flakes)) + canvas.time.squeeze(-1) * canvas.rand(1, 3, (1, flakes)))
        sideways = dx.squeeze(-1)
        x = wrap(canvas.rand(-1.4, 1.4, (1, flakes)) + sideways * time * 2.0 + sway, 1.4)
        y = wrap(canvas.rand(-1.4, 1.4, (1, flakes)) + time * (1 - 0.6 * sideways.abs()), 1.4)
        width = torch.full_like(x, sigma)
        picture = over(picture, canvas.constant(1.0, 1.0, 1.0), (splats(canvas, x, y, width, width, keep * strength)).clamp(0, 1))
    return picture


def leaves(canvas: Canvas) -> Tensor:
    """Coloured leaves tumbling down with the wind."""
    heading, _ = canvas.heading()
    top, low = canvas.paint("background", 0.03), canvas.paint("background", 0.03)
    picture = gradient(canvas, top * 0.85 + 0.08, low * 0.95 + 0.03, end=1.0)
    blur = Texture(canvas, 2.6, beta=2.8)
    picture = picture * (1 + 0.10 * torch.tanh(blur.read(canvas.x, canvas.y))).unsqueeze(2)
    pace, size = canvas.pace(), canvas.size()
    shown = 6 + 12 * ((canvas.density() - 0.35) / 2.05)
    base = canvas.paint(jitter=0.02)
    for index in range(18):
        scale = 0.155 * size * canvas.rand(0.7, 1.2)
        fall = canvas.rand(0.24, 0.42)
        spin = canvas.rand(0, 6.28) + canvas.time * canvas.rand(0.8, 2.2) * (canvas.rand() > 0.5).float().mul(2).sub(1)
        x = wrap(canvas.rand(-1.4, 1.4) + heading * canvas.time * pace * fall * 1.1, 1.4) + 0.07 * torch.sin(spin)
        y = wrap(canvas.rand(-1.4, 1.4) + canvas.time * pace * fall * 0.75, 1.4)
        cosine, sine = torch.cos(spin), torch.sin(spin)
        px, py = canvas.x - x, canvas.y - y
        u, v = px * cosine + py * sine, -px * sine + py * cosine
        flat = 0.35 + 0.65 * torch.cos(spin * 0.7 + 1.0).abs()
        # A leaf is where two discs overlap.
        radius, offset = scale * 1.25, scale * 0.80
        shape = torch.maximum(disc(u, v / flat - offset, radius), disc(u, v / flat + offset, radius))
        vein = torch.exp(-((v / (0.09 * scale)) ** 2)) * 0.25
        shade = (canvas.rand(0.75, 1.1) * (1 - vein) + 0.25 * u / scale).unsqueeze(2)
        picture = over(picture, base * shade, coverage(canvas, shape) * (shown > index))
    return picture
