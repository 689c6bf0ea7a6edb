"""Single things on a path: ball, balloon, boat, bird, fish, car.

They measure prompt adherence best: colour, size, count, direction and speed all show. The path
goes through the middle of the picture in the middle of the clip.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .canvas import Canvas, over, smooth
from .primitives import Ridge, Texture, below, box, capsule, coverage, disc, ellipse, half_plane, taper
from .sky import daylight, gradient, sky

OBJECT_PACE = 0.30  # world units a second at normal speed: three quarters of the width in five seconds
LIMIT = 5


def lanes(canvas: Canvas, index: int, across: float, along: float) -> tuple[Tensor, Tensor, Tensor]:
    """Position of object `index` (x, y each [N, T, 1, 1]) and whether it is shown [N, 1, 1, 1].

    Objects stand side by side across the direction of travel, `across` world units in all, a little
    staggered by `along`.
    """
    dx, dy = canvas.heading()
    total = canvas.labels["count"].clamp(min=0).view(-1, 1, 1, 1) + 1
    slot = (index + 0.5) / total - 0.5
    spread = across * (1 - 1 / total) ** 0.5 * 1.4
    side = slot * spread + canvas.rand(-0.06, 0.06) * (total > 1)
    stagger = canvas.rand(-along, along) * (total > 1)
    travel = canvas.pace() * OBJECT_PACE * canvas.centred + stagger
    return travel * dx - side * dy, travel * dy + side * dx, (total > index).float()


def shared(canvas: Canvas) -> Canvas:
    """One speed for every object of a clip: freeze the dice of `pace` and `size`."""
    pace, size = canvas.pace(), canvas.size()
    canvas.pace = lambda: pace  # type: ignore[method-assign]
    canvas.size = lambda: size  # type: ignore[method-assign]
    return canvas


def crowd(canvas: Canvas) -> Tensor:
    """Factor that shrinks objects when there are many [N, 1, 1, 1]."""
    return (canvas.labels["count"].clamp(min=0).view(-1, 1, 1, 1) + 1.0) ** -0.30


def ball(canvas: Canvas) -> Tensor:
    """Lambert-shaded balls on a plain ground."""
    canvas = shared(canvas)
    wall = canvas.paint("background", 0.04)
    picture = gradient(canvas, wall, wall * 0.80, end=1.0)
    tint, radius = canvas.paint(), 0.24 * canvas.size() * crowd(canvas)
    for index in range(LIMIT):
        x, y, here = lanes(canvas, index, 1.3, 0.18)
        px, py = canvas.x - x, canvas.y - y
        shadow = torch.exp(-(((px - 0.25 * radius) / radius) ** 2 + ((py - 0.55 * radius) / radius) ** 2) * 1.3)
        picture = picture * (1 - 0.34 * (shadow * here).unsqueeze(2))
        nx, ny = px / radius, py / radius
        nz = torch.sqrt((1 - nx**2 - ny**2).clamp(min=0.0) + 1e-6)
        light = (0.42 + 0.62 * (-0.45 * nx - 0.55 * ny + 0.70 * nz).clamp(min=0)).unsqueeze(2)
        shine = torch.exp(-(((nx + 0.36) ** 2 + (ny + 0.42) ** 2) / 0.030)).unsqueeze(2) * 0.65
        picture = over(picture, tint * light + shine, coverage(canvas, disc(px, py, radius)) * here)
    return picture


def balloon(canvas: Canvas) -> Tensor:
    """Balloons on a string in the sky."""
    canvas = shared(canvas)
    picture = sky(canvas, end=1.0)
    soft = Texture(canvas, 3.0, beta=2.6)
    cloud = torch.sigmoid(3.5 * (soft.read(canvas.x, canvas.y * 1.6) - 0.8)) * 0.5
    tone = daylight(canvas)
    picture = over(picture, 0.95 * tone, cloud)
    tint, scale = canvas.paint(), 0.27 * canvas.size() * crowd(canvas)
    for index in range(LIMIT):
        x, y, here = lanes(canvas, index, 1.5, 0.25)
        sway = 0.035 * torch.sin(canvas.time * 1.6 + canvas.rand(0, 6.28))
        px, py = canvas.x - x - sway, canvas.y - y + 0.25 * scale
        string = (
            coverage(canvas, (px + 0.05 * scale * torch.sin(py / scale * 5 - canvas.time * 3)).abs() - 0.012)
            * smooth(1.10, 1.16, py / scale)
            * smooth(2.4, 2.3, py / scale)
        )
        picture = over(picture, canvas.constant(0.85, 0.85, 0.85) * tone, string * here * 0.9)
        body = ellipse(px, py, 0.86 * scale, 1.08 * scale)
        knot = coverage(
            canvas,
            torch.maximum(px.abs() - 0.35 * (py - 1.02 * scale).clamp(min=0) - 0.02, (py - 1.14 * scale).abs() - 0.07 * scale),
        )
        nx, ny = px / scale, py / scale
        light = (0.95 - 0.28 * nx * 0.8 - 0.26 * ny).unsqueeze(2)
        shine = torch.exp(-(((nx + 0.34) ** 2 + (ny + 0.42) ** 2) / 0.05)).unsqueeze(2) * 0.55
        picture = over(picture, tint * 0.75 * (0.35 + 0.65 * tone), knot * here)
        picture = over(picture, (tint * light + shine) * (0.35 + 0.65 * tone), coverage(canvas, body) * here)
    return picture


def bird(canvas: Canvas) -> Tensor:
    """Flapping birds crossing the sky."""
    canvas = shared(canvas)
    picture = sky(canvas, end=1.0)
    soft = Texture(canvas, 3.4, beta=2.6)
    cloud = torch.sigmoid(3.5 * (soft.read(canvas.x, canvas.y * 1.8) - 0.8)) * 0.55
    picture = over(picture, 0.97 * daylight(canvas), cloud)
    tint = canvas.paint()
    scale = 0.34 * canvas.size() * crowd(canvas)
    for index in range(LIMIT):
        x, y, here = lanes(canvas, index, 1.4, 0.30)
        dx, _ = canvas.heading()
        side = torch.where(dx == 0, torch.ones_like(dx), dx)
        px, py = (canvas.x - x) * side, canvas.y - y - 0.03 * torch.sin(canvas.time * 5)
        beat = torch.sin(canvas.time * (5.5 + 2.0 * canvas.pace()) + canvas.rand(0, 6.28))
        body = ellipse(px, py, 0.62 * scale, 0.17 * scale)
        head = disc(px - 0.60 * scale, py + 0.08 * scale, 0.15 * scale)
        beak = torch.maximum((px - 0.84 * scale).abs() - 0.13 * scale, (py + 0.06 * scale).abs() - 0.05 * scale)
        tail = capsule(px, py, -0.55 * scale, 0.0 * scale, -0.90 * scale, -0.06 * scale, 0.08 * scale)
        tip = -0.95 * scale * beat
        near = taper(px, py, 0.06 * scale, -0.02 * scale, -0.30 * scale, tip, 0.24 * scale, 0.02 * scale)
        far = taper(px, py, 0.20 * scale, -0.02 * scale, 0.05 * scale, tip * 0.85, 0.18 * scale, 0.02 * scale)
        tone = 0.30 + 0.70 * daylight(canvas)
        picture = over(picture, tint * 0.70 * tone, coverage(canvas, far) * here)
        picture = over(picture, canvas.constant(0.95, 0.62, 0.15) * tone, coverage(canvas, beak) * here)
        picture = over(picture, tint * tone, coverage(canvas, torch.minimum(torch.minimum(body, head), tail)) * here)
        picture = over(picture, tint * 0.84 * tone, coverage(canvas, near) * here)
        eye = disc(px - 0.65 * scale, py + 0.12 * scale, 0.035 * scale)
        picture = over(picture, canvas.constant(0.02, 0.02, 0.02), coverage(canvas, eye) * here)
    return picture


def fish(canvas: Canvas) -> Tensor:
    """Fish swimming under water with a beating tail."""
    canvas = shared(canvas)
    picture = gradient(canvas, canvas.constant(0.20, 0.58, 0.78), canvas.constant(0.02, 0.16, 0.36), end=1.1)
    rays = Texture(canvas, 2.0, beta=2.5)
    shaft = smooth(0.1, 1.7, rays.read(canvas.x + 0.5 * canvas.y, canvas.time * 0.10)) * smooth(0.8, -1.0, canvas.y)
    picture = picture + 0.22 * shaft.unsqueeze(2)
    sand = Ridge(canvas, 4.0, beta=2.6)
    picture = over(picture, canvas.constant(0.42, 0.45, 0.38), below(canvas, 0.84 - 0.04 * sand.read(canvas.x), 2.0))
    tint, scale = canvas.paint(), 0.40 * canvas.size() * crowd(canvas)
    dx, _ = canvas.heading()
    for index in range(LIMIT):
        x, y, here = lanes(canvas, index, 1.35, 0.30)
        px, py = (canvas.x - x) * dx, canvas.y - y - 0.03 * torch.sin(canvas.time * 2 + canvas.rand(0, 6.28))
        beat = torch.sin(canvas.time * (5 + 3 * canvas.pace()) + canvas.rand(0, 6.28))
        bend = 0.10 * scale * beat * ((-px / scale).clamp(min=0) ** 2)
        py = py + bend
        body = ellipse(px, py, 0.72 * scale, 0.36 * scale)
        back = -px - 0.52 * scale
        tail = torch.maximum(torch.maximum(py.abs() - 0.62 * back, -back), back - 0.58 * scale)
        fin = torch.maximum(
            torch.maximum(
                -(py + 0.28 * scale) - 0.26 * scale, (px + 0.05 * scale).abs() - 0.26 * scale - 0.5 * (py + 0.3 * scale)
            ),
            py + 0.20 * scale,
        )
        shade = (1.0 - 0.55 * py / scale).unsqueeze(2)
        stripe = (smooth(0.72, 0.9, torch.cos(px / scale * 9.0)) * 0.45).unsqueeze(2)
        picture = over(picture, tint * 0.80, coverage(canvas, torch.minimum(tail, fin)) * here)
        picture = over(picture, (tint + (1 - tint) * stripe) * shade, coverage(canvas, body) * here)
        picture = over(
            picture,
            canvas.constant(0.97, 0.97, 0.97),
            coverage(canvas, disc(px - 0.42 * scale, py + 0.08 * scale, 0.085 * scale)) * here,
        )
        picture = over(
            picture,
            canvas.constant(0.02, 0.02, 0.02),
            coverage(canvas, disc(px - 0.44 * scale, py + 0.08 * scale, 0.045 * scale)) * here,
        )
    return picture


def boat(canvas: Canvas) -> Tensor:
    """A sailing boat crossing calm water."""
    canvas = shared(canvas)
    level = 0.30
    picture = sky(canvas, end=level)
    tone = 0.30 + 0.70 * daylight(canvas)
    ridge = Ridge(canvas, 6.0, beta=2.5)
    picture = over(picture, canvas.constant(0.42, 0.50, 0.60) * tone, below(canvas, level - 0.08 - 0.05 * ridge.read(canvas.x)))
    ripple = Texture(canvas, 1.6, beta=2.1, lowest=4)
    depth = 0.35 / (canvas.y - level + 0.12).clamp(min=0.10)
    wave = ripple.read(canvas.x * 0.4 * depth, depth + canvas.time * 0.12)
    water = canvas.constant(0.09, 0.34, 0.52) * tone * (1 + 0.25 * wave).unsqueeze(2) + 0.03
    picture = over(picture, water, below(canvas, torch.full_like(canvas.x, level)))
    dx, _ = canvas.heading()
    scale = 0.42 * canvas.size().clamp(max=1.5)
    x = canvas.pace() * OBJECT_PACE * canvas.centred * dx
    y = level + 0.10 + 0.022 * torch.sin(canvas.time * 2.2)
    px, py = (canvas.x - x) * dx, canvas.y - y
    zero = torch.zeros_like(scale)
    hull = torch.maximum(torch.maximum(-py - 0.02 * scale, py - 0.30 * scale), px.abs() - 0.92 * scale + 0.95 * py)
    mast = capsule(px, py, zero, zero, zero, -1.70 * scale, 0.022 * scale)

    def sail(bow: float, top: float, foot: float) -> Tensor:
        ax, ay, bx, by = bow * scale, -top * scale, foot * scale, -0.16 * scale
        inner = px * (1 if foot > 0 else -1) - 0.05 * scale
        edge = half_plane(px, py, ax, ay, bx, by) if foot > 0 else half_plane(px, py, bx, by, ax, ay)
        return torch.maximum(torch.maximum(-inner, edge), py + 0.16 * scale)

    picture = over(picture, canvas.constant(0.25, 0.17, 0.10) * tone, coverage(canvas, mast))
    picture = over(picture, canvas.constant(0.96, 0.95, 0.90) * tone, coverage(canvas, sail(0.05, 1.65, 0.72)))
    picture = over(picture, canvas.constant(0.90, 0.88, 0.82) * tone, coverage(canvas, sail(-0.05, 1.45, -0.78)))
    picture = over(picture, canvas.paint() * tone, coverage(canvas, hull))
    wake = torch.exp(-(((py - 0.30 * scale) / 0.035) ** 2)) * smooth(1.1, 0.6, (px + 0.15 * scale).abs() / scale)
    return over(picture, 0.95 * tone, wake * 0.55)


def car(canvas: Canvas) -> Tensor:
    """A car driving on a road past houses and trees."""
    canvas = shared(canvas)
    picture = sky(canvas, end=0.4)
    tone = 0.30 + 0.70 * daylight(canvas)
    ridge = Ridge(canvas, 5.0, beta=2.2)
    picture = over(picture, canvas.constant(0.36, 0.55, 0.30) * tone, below(canvas, 0.18 - 0.07 * ridge.read(canvas.x)))
    road = below(canvas, torch.full_like(canvas.x, 0.42))
    picture = over(picture, canvas.constant(0.30, 0.30, 0.33) * tone, road)
    dash = smooth(0.42, 0.5, torch.frac((canvas.x + 20) * 1.6)) * torch.exp(-(((canvas.y - 0.76) / 0.02) ** 2))
    picture = over(picture, canvas.constant(0.92, 0.90, 0.75) * tone, dash)
    dx, _ = canvas.heading()
    scale = 0.46 * canvas.size().clamp(max=1.45)
    x = canvas.pace() * OBJECT_PACE * canvas.centred * dx
    px, py = (canvas.x - x) * dx, canvas.y - 0.56 + 0.006 * torch.sin(canvas.time * 14)
    tint = canvas.paint() * tone
    picture = picture * (
        1 - 0.45 * torch.exp(-((px / (0.95 * scale)) ** 4 + ((py - 0.36 * scale) / (0.07 * scale)) ** 2)).unsqueeze(2)
    )
    lower = box(px, py - 0.05 * scale, 1.0 * scale, 0.22 * scale, 0.10 * scale)
    cabin_half = 0.56 * scale + 0.35 * (py + 0.30 * scale)
    cabin = torch.maximum(px.abs() + 0.0 * scale - cabin_half, (py + 0.30 * scale).abs() - 0.22 * scale)
    glass = torch.maximum(px.abs() - cabin_half + 0.11 * scale, (py + 0.29 * scale).abs() - 0.14 * scale)
    post = px.abs() - 0.035 * scale
    picture = over(picture, tint, coverage(canvas, torch.minimum(lower, cabin)))
    picture = over(picture, canvas.constant(0.70, 0.84, 0.92) * tone, coverage(canvas, torch.maximum(glass, -post)))
    picture = over(
        picture, canvas.constant(1.0, 0.95, 0.65), coverage(canvas, disc(px - 0.93 * scale, py - 0.0 * scale, 0.075 * scale))
    )
    picture = over(
        picture, canvas.constant(0.85, 0.10, 0.08), coverage(canvas, disc(px + 0.95 * scale, py - 0.0 * scale, 0.060 * scale))
    )
    turn = canvas.time * canvas.pace() * 6
    for wheel in (-0.56, 0.56):
        wx, wy = px - wheel * scale, py - 0.26 * scale
        picture = over(picture, canvas.constant(0.06, 0.06, 0.07), coverage(canvas, disc(wx, wy, 0.20 * scale)))
        hub = coverage(canvas, disc(wx, wy, 0.10 * scale))
        spoke = 0.65 + 0.25 * torch.cos(3 * (torch.atan2(wy, wx + 1e-6) - turn))
        picture = over(picture, canvas.constant(0.75, 0.75, 0.78) * spoke.unsqueeze(2), hub)
    return picture
