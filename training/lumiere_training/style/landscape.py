"""The small landscapes that textures are drawn of: sky, sun, ridges, water, trees, from one seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]  # [H, W]
Picture = NDArray[np.float32]  # [H, W, 3], 0..1

# Paper or ground, sky, sun, far to near, water: calm sets that also work in greys.
PALETTES: tuple[tuple[str, ...], ...] = (
    ("#f6f0e2", "#a8cbd8", "#f2b84b", "#8aa6b5", "#5d8a7d", "#2f5d50", "#6fa3b8"),
    ("#fbf3e6", "#f4b183", "#e8563f", "#a5597a", "#6b3f6e", "#3a2a52", "#d98a7a"),
    ("#f4efe6", "#cfd8c8", "#e3a72f", "#b7b58a", "#7d8f4e", "#445c34", "#9cb7ae"),
    ("#f1ece4", "#8fb3d9", "#fff1a8", "#4d7fae", "#27598c", "#123457", "#3f86b8"),
    ("#f8efe2", "#e9c9a0", "#d9482b", "#c58f5a", "#8f5a35", "#4d3223", "#a9b8a3"),
    ("#efe9f2", "#c9b6e0", "#f7d154", "#9a7fc0", "#5f4b96", "#2d2a5c", "#7fa6d6"),
    ("#f3f1e7", "#7cc4b8", "#f26b4e", "#3f9a96", "#1f6f78", "#12404c", "#57b0b0"),
    ("#f5ede0", "#f2d16b", "#d8452e", "#e08b3a", "#b5562b", "#5d2f24", "#5f8f8a"),
)


def parse_colour(text: str) -> Picture:
    """`#rrggbb` as 0..1."""
    return np.array([int(text[k : k + 2], 16) for k in (1, 3, 5)], dtype=np.float32) / 255


def smooth_noise(dice: np.random.Generator, size: int, power: float) -> Field:
    """Noise whose amplitude falls with frequency to `power`; mean 0, deviation 1, it tiles."""
    down, across = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :]
    frequency = np.sqrt(down * down + across * across)
    frequency[0, 0] = 1
    spectrum = np.fft.rfft2(dice.standard_normal((size, size))) / frequency**power
    spectrum[0, 0] = 0
    noise = np.fft.irfft2(spectrum, s=(size, size))
    return (noise / noise.std()).astype(np.float32)


def blur(field: Field, radius: float) -> Field:
    """Gaussian, at the borders by mirroring."""
    if radius <= 0:
        return field
    reach = max(1, int(radius * 2.5))
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / radius) ** 2)
    taps /= taps.sum()
    for axis in (0, 1):
        wide = np.pad(field, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(wide, 2 * reach + 1, axis=axis)
        field = (windows @ taps).astype(np.float32)
    return field


def step(field: Field, low: float, high: float) -> Field:
    """0 below `low`, 1 above `high`, smooth in between."""
    t = np.clip((field - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


@dataclass
class Scene:
    """A landscape as shapes from back to front, each a soft coverage with a colour."""

    size: int
    paper: Picture
    shapes: list[tuple[Field, Picture]]

    def colours(self) -> Picture:
        """The flat picture."""
        flat = np.broadcast_to(self.paper, (self.size, self.size, 3)).astype(np.float32).copy()
        for coverage, colour in self.shapes:
            flat += (colour - flat) * coverage[..., None]
        return flat

    def tone(self) -> Field:
        """Lightness 0..1, stretched."""
        tone = self.colours() @ np.array([0.3, 0.59, 0.11], dtype=np.float32)
        low, high = np.percentile(tone, [2, 98])
        return np.clip((tone - low) / max(high - low, 1e-3), 0, 1)

    def edges(self) -> Field:
        """1 on the outlines of shapes."""
        edge = np.zeros((self.size, self.size), dtype=np.float32)
        hidden = np.zeros_like(edge)
        for coverage, _ in reversed(self.shapes):
            gy, gx = np.gradient(coverage)
            edge = np.maximum(edge, np.clip(np.hypot(gx, gy) * 4, 0, 1) * (1 - hidden))
            hidden = np.maximum(hidden, coverage)
        return edge


def draw_scene(dice: np.random.Generator, size: int) -> Scene:
    """One composition."""
    palette = [parse_colour(text) for text in PALETTES[dice.integers(len(PALETTES))]]
    paper, sky, sun, far, middle, near, water = palette
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    soft = 1.5 / size
    shapes: list[tuple[Field, Picture]] = [(np.ones_like(y), sky)]
    band = step(y + smooth_noise(dice, size, 1.8) * 0.03, 0.28, 0.5)
    shapes.append((band * 0.55, sky * 0.45 + paper * 0.55))
    at = (dice.uniform(0.2, 0.8), dice.uniform(0.16, 0.34))
    radius = dice.uniform(0.07, 0.12)
    shapes.append((1 - step(np.hypot(x - at[0], y - at[1]), radius - soft, radius + soft), sun))
    horizon = dice.uniform(0.42, 0.55)
    for k, colour in enumerate((far, far * 0.5 + middle * 0.5, middle)):
        line = horizon + 0.09 * k + (0.07 - 0.012 * k) * smooth_noise(dice, size, 1.5)[0]
        shapes.append((step(y - line[None, :], -soft, soft), colour))
    shore = horizon + 0.3
    if dice.random() < 0.75:
        shapes.append((step(y - shore, -soft, soft), water))
        ripple = smooth_noise(dice, size, 1.1)[:, : size // 6].repeat(6, axis=1)
        ripple = np.pad(ripple, ((0, 0), (0, size - ripple.shape[1])), mode="edge")
        shapes.append((step(ripple, 0.9, 1.3) * step(y, shore, shore + 0.05), water * 0.4 + paper * 0.6))
    bank = shore + 0.13 + 0.05 * smooth_noise(dice, size, 1.3)[0]
    shapes.append((step(y - bank[None, :], -soft, soft), near))
    for _ in range(int(dice.integers(3, 8))):
        foot, height = dice.uniform(0.04, 0.96), dice.uniform(0.16, 0.34)
        base = float(bank[min(size - 1, int(foot * size))]) + 0.02
        if dice.random() < 0.5:  # a cone, or a crown on a trunk
            inside = height * 0.24 * np.clip((y - (base - height)) / height, 0, 1) - np.abs(x - foot)
            inside = np.where((y < base) & (y > base - height), inside, -1)
        else:
            crown = np.hypot((x - foot) / 0.75, y - (base - height * 0.7)) - height * 0.28
            inside = np.maximum(-crown, np.where((y < base) & (y > base - height), 0.008 - np.abs(x - foot), -1))
        shade = dice.uniform(0.75, 1.2)
        shapes.append((step(inside.astype(np.float32), -soft, soft), np.clip(near * shade, 0, 1)))
    return Scene(size, paper, shapes)
