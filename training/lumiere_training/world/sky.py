"""Scenes of the sky: clouds, sunset, stars, aurora, fireworks, and the backdrop that others share."""

from __future__ import annotations

import torch
from torch import Tensor

from .canvas import Canvas, over, smooth
from .primitives import Ridge, Texture, below, coverage, disc, splats, wrap

SKY_TOP = {"day": (0.20, 0.46, 0.86), "sunset": (0.27, 0.22, 0.50), "night": (0.03, 0.05, 0.16)}
SKY_LOW = {"day": (0.72, 0.86, 0.97), "sunset": (1.00, 0.62, 0.32), "night": (0.20, 0.25, 0.48)}
HORIZON = 0.35


def gradient(canvas: Canvas, top: Tensor, low: Tensor, start: float = -1.0, end: float = 0.6) -> Tensor:
    """Vertical gradient [N, T, 3, H, W] between two colours."""
    share = ((canvas.y - start) / (end - start)).clamp(0, 1).unsqueeze(2)
    return (top + (low - top) * share).expand(-1, -1, -1, -1, canvas.width)


def sky(canvas: Canvas, end: float = 0.6) -> Tensor:
    """The sky of the light label [N, T, 3, H, W]."""
    return gradient(canvas, canvas.choose("light", SKY_TOP), canvas.choose("light", SKY_LOW), end=end)


def daylight(canvas: Canvas) -> Tensor:
    """Brightness and tint of things under the light label [N, 1, 3, 1, 1]."""
    return canvas.choose("light", {"day": (1.0, 1.0, 1.0), "sunset": (0.92, 0.62, 0.52), "night": (0.46, 0.50, 0.70)})


def star_field(canvas: Canvas, count: int, drift_x: Tensor, drift_y: Tensor, low: float = -1.2) -> Tensor:
    """Twinkling points [N, T, H, W]; drift in world units [N, T, 1] since the start."""
    shape = (1, count)
    x = wrap(canvas.rand(-1.5, 1.5, shape) + drift_x, 1.5)
    y = wrap(canvas.rand(-1.5, 1.5, shape) + drift_y, 1.5)
    phase, rate = canvas.rand(0, 6.28, shape), canvas.rand(1.0, 4.0, shape)
    twinkle = 0.75 + 0.25 * torch.sin(phase + rate * canvas.time.squeeze(-1))
    power = canvas.rand(0.0, 1.0, shape) ** 3
    sigma = 0.006 + 0.012 * power
    return splats(canvas, x, y, sigma, sigma, (0.35 + 0.9 * power) * twinkle)


def clouds(canvas: Canvas) -> Tensor:
    """White clouds on a perspective plane drifting left or right."""
    picture = sky(canvas)
    heading, _ = canvas.heading()
    depth = 1.0 / (1.15 - canvas.y.clamp(max=1.0) * 0.75)  # nearer overhead, finer at the horizon
    drift = heading * canvas.pace() * 0.30 * canvas.time
    big, fine = Texture(canvas, 2.6, beta=2.2), Texture(canvas, 1.3, beta=2.0, lowest=3)
    offset = canvas.rand(0, 3)
    x = canvas.x - drift * 1.0
    y = canvas.y * 1.5 + offset

    def thickness(shift: float) -> Tensor:
        u, v = x * (0.75 + 0.25 * depth) + shift, y * (0.8 + 0.3 * depth) + shift
        return big.read(u, v) + 0.38 * fine.read(u + 0.1 * canvas.time * 0.3, v)

    body = thickness(0.0)
    threshold = 0.75 - 0.75 * torch.log2(canvas.density())
    cover = torch.sigmoid(4.5 * (body - threshold)) * smooth(1.25, 0.35, canvas.y)
    light = (0.5 + 0.45 * (body - thickness(0.07))).clamp(0, 1)
    bright = canvas.choose("light", {"day": (1, 1, 1), "sunset": (1.0, 0.72, 0.52), "night": (0.46, 0.49, 0.64)})
    shade = canvas.choose("light", {"day": (0.62, 0.68, 0.78), "sunset": (0.50, 0.28, 0.40), "night": (0.10, 0.12, 0.24)})
    return over(picture, shade + (bright - shade) * light.unsqueeze(2), cover * 0.95)


def sunset(canvas: Canvas) -> Tensor:
    """A sun going down (or coming up) behind the sea or mountains."""
    _, vertical = canvas.heading((0.0, 1.0))
    sun_x = canvas.rand(-0.5, 0.5)
    sun_y = -0.05 + vertical * canvas.pace() * 0.11 * canvas.centred
    warmth = canvas.rand(0, 1).unsqueeze(2)
    top = canvas.constant(0.20, 0.22, 0.50) + (canvas.constant(0.42, 0.18, 0.42) - canvas.constant(0.20, 0.22, 0.50)) * warmth
    low = canvas.constant(1.0, 0.66, 0.26) + (canvas.constant(1.0, 0.44, 0.26) - canvas.constant(1.0, 0.66, 0.26)) * warmth

    def heavens(y: Tensor) -> Tensor:
        share = ((y + 1) / (1 + HORIZON)).clamp(0, 1).unsqueeze(2) ** 1.3
        base = (top + (low - top) * share).expand(-1, -1, -1, -1, canvas.width)
        distance = disc(canvas.x - sun_x, y - sun_y, torch.full_like(sun_x, 0.16))
        glow = torch.exp(-(distance.clamp(min=0)) * 3.0) * 0.75
        base = over(base, canvas.constant(1.0, 0.80, 0.45), glow)
        return over(base, canvas.constant(1.0, 0.96, 0.78), coverage(canvas, distance))

    picture = heavens(canvas.y)
    ripple = Texture(canvas, 1.0, beta=1.9, lowest=3)
    depth = 1.0 / (canvas.y - HORIZON + 0.08).clamp(min=0.06)
    swell = ripple.read(canvas.x * depth * 0.14, depth * 0.30 + canvas.time * 0.12)
    mirrored = heavens(2 * HORIZON - canvas.y + swell * 0.10 * (canvas.y - HORIZON).clamp(min=0) ** 0.5)
    water = mirrored * 0.72 + swell.unsqueeze(2) * 0.05
    at_sea = (canvas.rand() > 0.45).float()
    picture = over(picture, water, below(canvas, torch.full_like(canvas.x, HORIZON)) * at_sea)
    ridge = Ridge(canvas, 5.0, beta=2.4)
    land = below(canvas, HORIZON + 0.02 - 0.10 * ridge.read(canvas.x + canvas.rand(0, 5))) * (1 - at_sea)
    return over(picture, canvas.constant(0.10, 0.07, 0.13), land)


def stars(canvas: Canvas) -> Tensor:
    """A night sky drifting over a dark ridge, with a nebula."""
    heading, vertical = canvas.heading()
    distance = (canvas.pace() * 0.16 * canvas.time).squeeze(-1)
    move_x, move_y = heading.squeeze(-1) * distance, vertical.squeeze(-1) * distance
    picture = gradient(canvas, canvas.constant(0.02, 0.03, 0.12), canvas.constant(0.12, 0.13, 0.32))
    nebula = Texture(canvas, 3.2, beta=2.6)
    x, y = canvas.x - move_x.unsqueeze(-1), canvas.y - move_y.unsqueeze(-1)
    tint = canvas.paint("colour", 0.08)
    picture = picture + tint * (0.55 * smooth(-0.1, 2.4, nebula.read(x + canvas.rand(0, 3), y))).unsqueeze(2)
    many = star_field(canvas, 170, move_x, move_y)
    few = star_field(canvas, 45, move_x, move_y)
    share = ((canvas.density() - 0.35) / 2.0).clamp(0, 1)
    picture = picture + (many * share + few).unsqueeze(2) * canvas.constant(1.0, 0.97, 0.92)
    ridge = Ridge(canvas, 5.0, beta=2.3)
    return over(picture, canvas.constant(0.02, 0.02, 0.05), below(canvas, 0.72 - 0.09 * ridge.read(canvas.x)))


def aurora(canvas: Canvas) -> Tensor:
    """Waving curtains of light over snow-dark hills."""
    picture = gradient(canvas, canvas.constant(0.02, 0.04, 0.13), canvas.constant(0.06, 0.13, 0.26))
    zero = torch.zeros(1, 1, 1, device=canvas.device)
    picture = picture + star_field(canvas, 60, zero, zero).unsqueeze(2) * 0.7
    tint, pace = canvas.paint(), canvas.pace()
    second = canvas.constant(0.35, 0.25, 0.75)
    fold, rays = Texture(canvas, 3.0, beta=2.8, lowest=1), Texture(canvas, 1.4, beta=1.9, lowest=4)
    glow = torch.zeros(1, 1, 1, 1, device=canvas.device)
    for index, base in enumerate((0.25, -0.02, -0.25)):  # three curtains, not frames
        line = base + 0.17 * fold.read(canvas.x * 0.8 + index * 0.9, canvas.time * 0.20 * pace + index * 0.7)
        ray = 0.55 + 0.45 * rays.read(
            canvas.x + 0.12 * canvas.time * pace, 0.2 * canvas.y * 0 + canvas.time * 0.10 * pace + index
        )
        above = line - canvas.y
        curtain = torch.exp(-above.clamp(min=0) * 2.6) * smooth(-0.06, 0.05, above)
        strength = (1.0, 0.75, 0.55)[index]
        picture = picture + (tint + (second - tint) * smooth(0.1, 1.0, above).unsqueeze(2) * 0.6) * (
            curtain * ray.clamp(min=0.05) * strength
        ).unsqueeze(2)
        glow = glow + curtain
    ridge = Ridge(canvas, 4.0, beta=2.4)
    return over(picture, canvas.constant(0.03, 0.05, 0.09), below(canvas, 0.70 - 0.10 * ridge.read(canvas.x)))


def fireworks(canvas: Canvas) -> Tensor:
    """Bursts with falling trails above a dark skyline; they repeat, so no frame is black."""
    picture = gradient(canvas, canvas.constant(0.02, 0.02, 0.09), canvas.constant(0.11, 0.08, 0.22), end=1.0)
    bursts, sparks = 5, 54
    period = 2.1
    tint = canvas.paint()
    shown = canvas.labels["count"].clamp(min=0).view(-1, 1, 1) + 1
    spread = canvas.size()
    light = torch.zeros(1, device=canvas.device)
    for burst in range(bursts):
        age = torch.remainder(canvas.time + period * burst / bursts + canvas.rand(0, 0.25), period) / period
        centre_x, centre_y = canvas.rand(-0.55, 0.55), canvas.rand(-0.55, 0.05)
        turn = torch.arange(sparks, device=canvas.device) * (6.2832 / sparks)  # even, else a burst has gaps
        angle = turn + canvas.rand(-0.1, 0.1, (1, sparks))
        power = canvas.rand(0.45, 1.0, (1, sparks)) ** 0.6
        flat = age.squeeze(-1)
        reach = (1 - torch.exp(-flat * 4.0)) * 0.55 * spread.squeeze(-1) * power
        x = centre_x.squeeze(-1) + torch.cos(angle) * reach
        y = centre_y.squeeze(-1) + torch.sin(angle) * reach + 0.22 * flat**2
        fade = ((1 - flat**2) ** 1.4) * (shown > burst) * (0.7 + 0.3 * torch.sin(angle * 7 + flat * 40))
        sigma = torch.full_like(x, 0.014)
        trail = splats(canvas, x, y, sigma, sigma, fade * 1.1) + splats(
            canvas,
            x * 0.94 + centre_x.squeeze(-1) * 0.06,
            y * 0.94 + centre_y.squeeze(-1) * 0.06,
            sigma * 1.6,
            sigma * 1.6,
            fade * 0.4,
        )
        light = light + trail
    picture = picture + (tint * 1.0 + 0.25) * light.unsqueeze(2).clamp(max=1.6)
    blocks = Ridge(canvas, 4.0, beta=0.8, lowest=6, highest=40)
    line = 0.82 - 0.07 * torch.round(blocks.read(canvas.x) * 1.5) / 1.5
    return over(picture, canvas.constant(0.02, 0.02, 0.05), below(canvas, line))
