"""Scenes of heat and air: fire, smoke, lava, sparks, fog."""

from __future__ import annotations

import torch
from torch import Tensor

from .canvas import Canvas, over, smooth
from .primitives import Ridge, Texture, below, splats
from .sky import gradient


def heat(canvas: Canvas, tint: Tensor, level: Tensor) -> Tensor:
    """Ramp black - dark tint - tint - almost white by `level` [N, T, H, W] in 0..1."""
    level = level.unsqueeze(2)
    dark = tint * (level / 0.45).clamp(0, 1)
    pale = tint + (canvas.constant(1.0, 0.97, 0.82) - tint) * ((level - 0.55) / 0.45).clamp(0, 1)
    mid = tint + (tint.clamp(min=0.0) ** 0.45 - tint) * ((level - 0.35) / 0.3).clamp(0, 1)
    return torch.where(
        level < 0.55, torch.where(level < 0.35, dark, mid), mid + (pale - mid) * ((level - 0.55) / 0.45).clamp(0, 1)
    )


def rising_points(canvas: Canvas, count: int, climb: Tensor, spread: float, sigma: float, source: float) -> Tensor:
    """Embers that leave the bottom centre, sway and fade [N, T, H, W]; climb in units a second."""
    shape = (1, count)
    life = canvas.rand(1.2, 2.4, shape)
    age = torch.remainder(canvas.rand(0, 1, shape) + canvas.time.squeeze(-1) / life, 1.0)
    y = source - age * life * climb.squeeze(-1) * canvas.rand(0.6, 1.1, shape)
    sway = 0.06 * torch.sin(canvas.rand(0, 6.28, shape) + canvas.time.squeeze(-1) * canvas.rand(1.5, 4.0, shape))
    x = canvas.rand(-0.25, 0.25, shape) + canvas.normal(1, count) * spread * age + sway
    width = torch.full_like(x, sigma) * canvas.rand(0.7, 1.4, shape)
    return splats(canvas, x, y, width, width, torch.sin(age * 3.14) ** 0.6 * 1.2)


def fire(canvas: Canvas) -> Tensor:
    """A camp fire: a cone of scrolled, warped texture through a heat ramp, with embers."""
    picture = gradient(canvas, canvas.constant(0.03, 0.02, 0.04), canvas.constant(0.11, 0.06, 0.07), end=1.0)
    pace, size, tint = canvas.pace(), canvas.size(), canvas.paint(jitter=0.03)
    flame, lick = Texture(canvas, 1.8, beta=2.3), Texture(canvas, 1.2, beta=2.4, lowest=3)
    climb = canvas.time * (0.55 + 0.75 * pace)
    base = 0.86
    height = (base - canvas.y) / (1.05 * size.clamp(max=1.45))
    warp = 0.16 * height.clamp(0, 1) * lick.read(canvas.x * 1.2, canvas.y + climb * 0.8)
    half = (0.40 * size**0.8) * (1 - height.clamp(0, 1)) ** 0.75 + 0.02
    body = 1.18 - ((canvas.x + warp) / half) ** 2 * 0.95 - 0.85 * height.clamp(min=0)
    body = body + 0.36 * flame.read(canvas.x * 1.1 + warp, canvas.y * 0.85 + climb) - 0.12
    level = (body * smooth(-0.10, 0.06, height) * smooth(1.2, 0.8, height)).clamp(0, 1)
    glow = torch.exp(-((canvas.x / 0.75) ** 2 + ((canvas.y - 0.5) / 0.65) ** 2)) * 0.30
    picture = picture + tint * glow.unsqueeze(2)
    picture = over(picture, heat(canvas, tint, level), smooth(0.05, 0.35, level))
    embers = rising_points(canvas, 26, 0.35 + 0.30 * pace, 0.45, 0.012, base)
    picture = picture + (tint * 0.8 + 0.2) * embers.unsqueeze(2)
    logs = below(canvas, 0.88 + 0.05 * (canvas.x / 0.5) ** 2 + 0.02 * torch.sin(canvas.x * 18))
    return over(picture, canvas.constant(0.08, 0.05, 0.04), logs)


def smoke(canvas: Canvas) -> Tensor:
    """A plume that widens as it rises and bends with the wind."""
    wall = canvas.paint("background", 0.03)
    picture = gradient(canvas, wall * 0.95, wall * 0.75 + 0.04, end=1.0)
    heading, _ = canvas.heading()
    pace = canvas.pace()
    big, fine = Texture(canvas, 2.2, beta=2.7, lowest=2), Texture(canvas, 1.2, beta=2.5, lowest=3)
    climb = canvas.time * (0.22 + 0.34 * pace)
    height = (0.95 - canvas.y).clamp(min=0)
    axis = heading * (0.22 * height**1.7)
    half = 0.09 + 0.22 * height
    u, v = (canvas.x - axis) / (0.5 + 0.8 * height), canvas.y / (0.55 + 0.45 * height) + climb
    curl = 0.35 * big.read(u * 0.8 + 0.4, v * 0.7)
    inside = 1.0 - ((canvas.x - axis) / half + curl) ** 2
    body = inside + 0.75 * big.read(u, v) + 0.45 * fine.read(u * 1.4 + 0.15 * curl, v * 1.3) + 0.15
    alpha = torch.sigmoid(2.6 * body) * smooth(0.0, 0.12, height) * (1.05 - 0.28 * height).clamp(0, 1)
    lit = (0.78 + 0.22 * torch.tanh(fine.read(u * 1.4 + 0.1, v * 1.3 + 0.08) + 0.6 * big.read(u + 0.08, v))).unsqueeze(2)
    return over(picture, canvas.paint(jitter=0.03) * lit, (alpha * 0.95).clamp(0, 1))


def lava(canvas: Canvas) -> Tensor:
    """Molten rock with dark plates flowing in one direction."""
    dx, dy = canvas.heading()
    distance = canvas.pace() * 0.28 * canvas.time
    x, y = canvas.x - dx * distance, canvas.y - dy * distance
    plates, fine = Texture(canvas, 5.0, beta=2.6, lowest=3), Texture(canvas, 2.2, beta=2.2, lowest=3)
    simmer = 0.06 * canvas.time
    body = plates.read(x, y + canvas.rand(0, 2)) + 0.28 * fine.read(x + simmer, y)
    crack = torch.exp(-((body / 0.34) ** 2))  # bright along the zero lines between plates
    breathing = 0.85 + 0.15 * torch.sin(canvas.time * 1.7 + canvas.rand(0, 6.28))
    level = (0.06 + 0.92 * crack * breathing + 0.10 * torch.tanh(fine.read(x * 1.3, y * 1.3))).clamp(0, 1)
    rock = canvas.constant(0.13, 0.07, 0.07) * (1 + 0.5 * torch.tanh(fine.read(x, y)).unsqueeze(2))
    tint = canvas.constant(0.95, 0.28, 0.04)
    return over(rock.expand_as(canvas.blank()), heat(canvas, tint, level), smooth(0.18, 0.55, level))


def sparks(canvas: Canvas) -> Tensor:
    """A fountain of sparks thrown up from the bottom and falling back in arcs."""
    picture = gradient(canvas, canvas.constant(0.03, 0.03, 0.06), canvas.constant(0.10, 0.08, 0.11), end=1.0)
    pace, tint = canvas.pace(), canvas.paint(jitter=0.03)
    count = 110
    shape = (1, count)
    life = canvas.rand(0.9, 1.5, shape) / (0.55 + 0.45 * pace.squeeze(-1))
    age = torch.remainder(canvas.rand(0, 1, shape) + canvas.time.squeeze(-1) / life, 1.0)
    thick = ((canvas.density() - 0.35) / 2.05).clamp(0, 1).squeeze(-1)
    keep = (canvas.rand(0, 1, shape) < 0.22 + 0.78 * thick).float()
    side, lift = canvas.normal(1, count) * 0.42, canvas.rand(2.4, 3.9, shape)
    light = torch.zeros(1, device=canvas.device)
    for lag, strength in ((0.0, 1.0), (0.022, 0.6), (0.044, 0.35)):  # a short trail behind each spark
        then = (age - lag).clamp(min=0)
        x, y = side * then, 0.95 - lift * then + 2.35 * then**2
        sigma = torch.full_like(x, 0.011)
        light = light + splats(canvas, x, y, sigma, sigma, keep * strength * (1.25 - age))
    glow = torch.exp(-((canvas.x / 0.35) ** 2 + ((canvas.y - 0.95) / 0.5) ** 2)) * 0.7
    picture = picture + tint * (glow + light).unsqueeze(2) + 0.55 * (light - 0.5).clamp(0, 1).unsqueeze(2)
    return over(picture, canvas.constant(0.05, 0.05, 0.06), below(canvas, torch.full_like(canvas.x, 0.94)))


def fog(canvas: Canvas) -> Tensor:
    """Banks of fog drifting between layers of dark firs."""
    heading, _ = canvas.heading()
    pace = canvas.pace()
    tint = canvas.choose("light", {"day": (0.86, 0.89, 0.92), "sunset": (0.95, 0.74, 0.62), "night": (0.32, 0.37, 0.50)})
    dark = canvas.choose("light", {"day": (0.16, 0.24, 0.22), "sunset": (0.25, 0.15, 0.19), "night": (0.04, 0.06, 0.11)})
    picture = gradient(canvas, tint * 0.88, tint, end=1.0)
    thick = 0.55 + 0.30 * torch.log2(canvas.density())
    for layer in range(3):
        share = layer / 2
        ridge = Ridge(canvas, 4.0 - share, beta=2.2)
        firs = Ridge(canvas, 1.6, beta=1.2, lowest=8, highest=70)
        x = canvas.x + layer * 1.7
        line = -0.25 + 0.36 * layer - 0.09 * ridge.read(x) - 0.035 * (1 + share) * firs.read(x).abs()
        picture = over(picture, tint + (dark - tint) * (0.45 + 0.27 * layer), below(canvas, line, 1.5))
        bank, wisp = Texture(canvas, 2.8, beta=2.7, lowest=2), Texture(canvas, 1.6, beta=2.4, lowest=3)
        drift = heading * pace * (0.20 + 0.10 * layer) * canvas.time
        body = bank.read(canvas.x * 0.7 - drift, canvas.y * 1.6 + layer) + 0.4 * wisp.read(canvas.x - drift * 1.2, canvas.y * 1.8)
        band = torch.exp(-(((canvas.y - (0.02 + 0.34 * layer)) / 0.34) ** 2))
        picture = over(picture, tint, (torch.sigmoid(2.0 * (body - 0.6) + 2.2 * thick) * band * (0.45 + thick)).clamp(0, 0.92))
    return picture
