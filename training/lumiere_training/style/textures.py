"""Pictures in a technique, drawn by this code: what the style network practises on beside paintings,
and the style references that the app ships.

Every picture is a small landscape (sky, sun, ridges, water, trees) in one of eight techniques, all
of it decided by one seed: palette, composition and hand. numpy and Pillow only.

    python -m lumiere_training.style.textures --out ../resources/styles       # the shipped references
    python -m lumiere_training.style.textures --sheet out/style/textures.png  # a look at all of them
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .landscape import Field, Picture, Scene, blur, draw_scene, parse_colour, smooth_noise, step


def _shift(field: Field, dx: Field, dy: Field) -> Field:
    """`field` looked up at displaced places, nearest pixel."""
    size = field.shape[0]
    y, x = np.mgrid[0:size, 0:size]
    return field[np.clip(y + dy.round().astype(int), 0, size - 1), np.clip(x + dx.round().astype(int), 0, size - 1)]


def watercolour(scene: Scene, dice: np.random.Generator) -> Picture:
    """Washes that thin out, darken towards their rims and let the paper's grain through."""
    size, unit = scene.size, scene.size / 320
    grain = smooth_noise(dice, size, 0.55)
    picture = np.broadcast_to(scene.paper, (size, size, 3)).astype(np.float32).copy()
    for coverage, colour in scene.shapes:
        if coverage.mean() < 1e-4:
            continue
        wobble = 2.6 * unit
        wet = _shift(coverage, smooth_noise(dice, size, 1.3) * wobble, smooth_noise(dice, size, 1.3) * wobble)
        wet = blur(wet, 0.8 * unit)
        rim = np.clip(wet - blur(wet, 5 * unit), 0, 1) * step(wet, 0.3, 0.7)
        flow = smooth_noise(dice, size, 1.7)
        density = 0.74 + 0.17 * flow + 1.1 * rim + 0.07 * grain * (0.6 + 0.4 * flow)
        bare = step(smooth_noise(dice, size, 1.2) + 0.25 * grain, 1.9, 2.3)
        density = np.clip(density, 0.05, 1.5) * (1 - bare)
        # Pigment multiplies what lies under it, and covers it in part.
        glaze = picture * np.clip(colour, 0.02, 1) ** density[..., None]
        cover = scene.paper * np.clip(colour, 0.02, 1) ** density[..., None]
        picture += ((glaze * 0.25 + cover * 0.75) - picture) * wet[..., None]
    relief = np.gradient(grain)[0]
    return picture * (1 + 0.022 * relief[..., None])


def hatching(scene: Scene, dice: np.random.Generator) -> Picture:
    """Pen strokes in up to four directions, denser where it is darker."""
    size, unit = scene.size, scene.size / 320
    tone = blur(scene.tone(), 1.2 * unit)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    ink = np.zeros((size, size), dtype=np.float32)
    pitch = dice.uniform(4.2, 5.6) * unit
    first = dice.uniform(0, math.pi)
    for k, limit in enumerate((0.86, 0.62, 0.42, 0.24)):
        angle = first + (0.0, 1.25, 0.55, 1.9)[k]
        wave = smooth_noise(dice, size, 1.6) * 1.3 * unit
        u = (x * math.cos(angle) + y * math.sin(angle) + wave) / pitch
        v = (-x * math.sin(angle) + y * math.cos(angle)) / (38 * unit)
        row = np.floor(u)
        # Strokes end and begin anew along a line, each row elsewhere; pressure swells in the middle.
        along = (v + np.modf(row * 0.618)[0] * 7) % 1
        pressure = step(along, 0.0, 0.12) * (1 - step(along, 0.86, 1.0))
        width = (0.09 + 0.2 * np.clip((limit - tone) / limit, 0, 1)) * pressure
        line = 1 - step(np.abs(u - row - 0.5), width * 0.6, width * 0.6 + 0.12)
        ink = np.maximum(ink, line * step(limit - tone, 0.0, 0.05) * step(width, 0.01, 0.05))
    outline = scene.edges() * step(smooth_noise(dice, size, 1.4), -1.6, -0.8)
    ink = np.maximum(ink, outline) * (0.88 + 0.06 * smooth_noise(dice, size, 0.4))
    dark = np.array([[0.1, 0.1, 0.14], [0.24, 0.13, 0.07], [0.07, 0.13, 0.24]], dtype=np.float32)[dice.integers(3)]
    sheet = scene.paper * (1 + 0.012 * smooth_noise(dice, size, 0.6)[..., None])
    return sheet + (dark - sheet) * np.clip(ink, 0, 1)[..., None]


def mosaic(scene: Scene, dice: np.random.Generator) -> Picture:
    """Small stones of one colour each, set in grout."""
    size = scene.size
    cell = dice.uniform(0.026, 0.036) * size
    across = int(size / cell) + 3
    gy, gx = np.mgrid[0:across, 0:across].astype(np.float32)
    jitter = dice.uniform(-0.34, 0.34, (2, across, across))
    sites = np.stack([(gy - 0.5 + jitter[0]) * cell, (gx - 0.5 + jitter[1]) * cell])
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    row, column = (y / cell + 0.5).astype(int) + 1, (x / cell + 0.5).astype(int) + 1
    nearest = np.full((size, size), 1e9, dtype=np.float32)
    second, owner = nearest.copy(), np.zeros((size, size), dtype=int)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            r, c = np.clip(row + dy, 0, across - 1), np.clip(column + dx, 0, across - 1)
            distance = np.hypot(y - sites[0][r, c], x - sites[1][r, c]).astype(np.float32)
            closer = distance < nearest
            second = np.where(closer, nearest, np.minimum(second, distance))
            owner = np.where(closer, r * across + c, owner)
            nearest = np.minimum(nearest, distance)
    flat = scene.colours()
    sy = np.clip(sites[0].ravel(), 0, size - 1).astype(int)
    sx = np.clip(sites[1].ravel(), 0, size - 1).astype(int)
    stones = flat[sy, sx] * dice.normal(1, 0.11, (len(sy), 1)) + dice.normal(0, 0.025, (len(sy), 3))
    rim = (second - nearest) / cell
    light = np.gradient(blur(step(rim, 0.02, 0.4), 0.8))
    picture = stones[owner] * (1 + 1.6 * (light[0] + light[1]))[..., None]
    grout = np.array([0.88, 0.86, 0.8], dtype=np.float32) if dice.random() < 0.5 else np.array([0.2, 0.19, 0.2], dtype=np.float32)
    picture *= 1 + 0.03 * smooth_noise(dice, size, 0.5)[..., None]
    return picture + (grout - picture) * (1 - step(rim, 0.06, 0.16))[..., None]


def glowing_lines(scene: Scene, dice: np.random.Generator) -> Picture:
    """Contours of light on a dark ground."""
    size, unit = scene.size, scene.size / 320
    height = blur(scene.tone(), 3 * unit) * 1.3 + 0.16 * smooth_noise(dice, size, 1.9)
    height = height * dice.uniform(3, 5)
    gy, gx = np.gradient(height)
    distance = np.abs(height - np.round(height)) / np.maximum(np.hypot(gx, gy), 0.012 / unit)
    edge = blur(scene.edges(), 0.7 * unit)
    core = np.maximum(0.7 * (1 - step(distance, 0.4 * unit, 1.3 * unit)), np.clip(edge * 1.1, 0, 1))
    glow = blur(core, 2.2 * unit) * 0.8 + blur(core, 8 * unit) * 0.6
    hues = [parse_colour(c) for c in (("#35e0ff", "#ff4fd8", "#ffd166"), ("#7dff8a", "#3fa7ff", "#f6ff7a"), ("#ff7a3c", "#ff2e63", "#ffd9a0"))[dice.integers(3)]]
    mixing = step(smooth_noise(dice, size, 1.9), -1, 1)[..., None]
    warm = step(smooth_noise(dice, size, 2.0), 0.2, 1.4)[..., None]
    colour = hues[0] * (1 - mixing) + hues[1] * mixing
    colour = colour * (1 - warm) + hues[2] * warm
    ground = np.array([0.03, 0.04, 0.09], dtype=np.float32) * (1 + 0.4 * scene.tone()[..., None])
    return ground + colour * np.clip(glow, 0, 1.4)[..., None] + core[..., None] * 0.55


def paper_cut(scene: Scene, dice: np.random.Generator) -> Picture:
    """Sheets of coloured paper, each with a shadow on those behind it."""
    size, unit = scene.size, scene.size / 320
    picture = np.broadcast_to(scene.paper, (size, size, 3)).astype(np.float32).copy()
    reach = int(round(5 * unit))
    for coverage, colour in scene.shapes:
        sheet = blur(coverage, 2.2 * unit)
        sheet = step(sheet, 0.42, 0.58)
        shadow = blur(np.pad(sheet, ((reach, 0), (reach, 0)), mode="edge")[:size, :size], 3.6 * unit)
        if sheet.min() < 0.5:  # the first sheet lies on nothing
            picture *= (1 - 0.42 * shadow)[..., None]
        fibre = smooth_noise(dice, size, 0.7) + 0.6 * smooth_noise(dice, size, 0.3)
        paper = colour * (1 + 0.028 * fibre)[..., None]
        lit = np.clip(np.gradient(blur(sheet, 0.7 * unit))[0], -0.2, 0.2)
        paper = paper * (1 + 1.3 * lit)[..., None] + 0.3 * np.clip(lit, 0, 1)[..., None]
        picture += (paper - picture) * sheet[..., None]
    return picture


def risograph(scene: Scene, dice: np.random.Generator) -> Picture:
    """Two or three spot inks in dots, a little out of register, on rough paper."""
    size, unit = scene.size, scene.size / 320
    sets = (("#ff4a7d", "#0b7fc7", "#ffd23f"), ("#ff6b3d", "#1f4e9e", "#f7c948"), ("#00a48f", "#e8456b", "#ffdb4d"), ("#3d5afe", "#ff5252", "#ffe57f"))
    inks = [parse_colour(c) for c in sets[dice.integers(len(sets))]]
    flat = scene.colours()
    tone = scene.tone()
    amounts = [
        np.clip(1 - flat[..., 1] * 1.05, 0, 1) * step(flat[..., 0] - flat[..., 2] + 0.28, 0, 0.6),
        np.clip(1.05 - tone, 0, 1),
        np.clip(1 - flat[..., 2], 0, 1) * 0.8,
    ]
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    picture = np.broadcast_to(np.array([0.97, 0.95, 0.9], dtype=np.float32), (size, size, 3)).copy()
    pitch = dice.uniform(4.4, 5.6) * unit
    grain = smooth_noise(dice, size, 0.2)
    for ink, amount, angle in zip(inks, amounts, (0.26, 0.78, 1.3)):
        shift = dice.integers(-3, 4, 2) * unit
        amount = np.roll(amount, tuple(int(s) for s in shift), (0, 1))
        u = (x * math.cos(angle) + y * math.sin(angle)) / pitch
        v = (-x * math.sin(angle) + y * math.cos(angle)) / pitch
        dot = (np.cos(2 * math.pi * u) + np.cos(2 * math.pi * v)) / 4 + 0.5
        screen = step(amount * 1.15 - dot + 0.05 * grain, -0.1, 0.1)
        density = screen * np.clip(0.9 + 0.07 * grain + 0.05 * smooth_noise(dice, size, 1.2), 0, 1)
        picture *= 1 - density[..., None] * (1 - ink)
    return picture


def oil(scene: Scene, dice: np.random.Generator) -> Picture:
    """Thick strokes of many bristles along a flow, broad ones first; paint stands up and casts light."""
    size = scene.size
    flat = scene.colours()
    canvas = Image.fromarray((flat * 235).clip(0, 255).astype(np.uint8))
    relief = Image.new("L", (size, size), 90)
    paint, height = ImageDraw.Draw(canvas), ImageDraw.Draw(relief)
    soft = blur(scene.tone(), size / 64)
    gy, gx = np.gradient(soft)
    swirl = smooth_noise(dice, size, 2.1) * 0.9
    strength = np.hypot(gx, gy)
    angle = np.where(strength > 0.004, np.arctan2(gx, -gy), 0) + swirl
    for width, count in ((0.05, 420), (0.03, 900), (0.017, 1500)):
        for _ in range(count):
            px, py = dice.uniform(0, size, 2)
            at = flat[min(size - 1, int(py)), min(size - 1, int(px))]
            colour = at * dice.normal(1, 0.09) + dice.normal(0, 0.035, 3)
            length, bristles = dice.uniform(2.2, 4.5) * width * size, 7
            path = []
            qx, qy = px, py
            for _ in range(6):
                path.append((qx, qy))
                turn = angle[int(np.clip(qy, 0, size - 1)), int(np.clip(qx, 0, size - 1))]
                qx, qy = qx + math.cos(turn) * length / 5, qy + math.sin(turn) * length / 5
            turn = math.atan2(path[-1][1] - py, path[-1][0] - px) + math.pi / 2
            thick = max(1, int(round(width * size / bristles * 1.5)))
            for k in range(bristles):
                offset = (k / (bristles - 1) - 0.5) * width * size
                dx, dy = math.cos(turn) * offset, math.sin(turn) * offset
                shade = np.clip((colour * dice.normal(1, 0.05)) * 255, 0, 255).astype(int)
                line = [(ax + dx, ay + dy) for ax, ay in path[: int(dice.integers(4, 7))]]
                paint.line(line, fill=tuple(int(c) for c in shade), width=thick, joint="curve")
                height.line(line, fill=int(dice.uniform(70, 200)), width=thick, joint="curve")
    surface = np.asarray(relief.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float32) / 255
    light = np.gradient(surface)
    return np.asarray(canvas, dtype=np.float32) / 255 * (1 + 0.55 * (light[0] + light[1]))[..., None]


def chalk(scene: Scene, dice: np.random.Generator) -> Picture:
    """Dry colour on the tooth of a dark sheet."""
    size, unit = scene.size, scene.size / 320
    ground = parse_colour(("#2b2f38", "#3a2f2a", "#26352f")[dice.integers(3)])
    tooth = smooth_noise(dice, size, 0.45)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    flat, tone = scene.colours(), scene.tone()
    angle = dice.uniform(0.4, 1.0) + 0.25 * smooth_noise(dice, size, 2.1)
    u = (x * np.cos(angle) + y * np.sin(angle)) / (3.2 * unit)
    v = (-x * np.sin(angle) + y * np.cos(angle)) / (26 * unit)
    rows = np.floor(u + smooth_noise(dice, size, 1.2) * 0.4)
    stroke = np.sin(v * 2 * math.pi + rows * 2.4) * 0.5 + np.cos(rows * 1.7) * 0.4
    pressure = 0.2 + 0.75 * tone + 0.35 * stroke
    amount = step(pressure + 0.4 * tooth, 0.05, 0.8)
    colour = np.clip(flat * 1.08 + 0.04, 0, 1) * (1 + 0.06 * stroke[..., None])
    picture = ground * (1 + 0.05 * tooth[..., None])
    return picture + (colour - picture) * amount[..., None]


TECHNIQUES: dict[str, Callable[[Scene, np.random.Generator], Picture]] = {
    "watercolour": watercolour,
    "hatching": hatching,
    "mosaic": mosaic,
    "glowing-lines": glowing_lines,
    "paper-cut": paper_cut,
    "risograph": risograph,
    "oil": oil,
    "chalk": chalk,
}
# The composition and palette of each shipped reference, chosen by eye.
SHIPPED: dict[str, int] = {
    "watercolour": 2000,
    "oil": 2023,
    "hatching": 2018,
    "mosaic": 2036,
    "glowing-lines": 2037,
    "paper-cut": 2038,
    "risograph": 2022,
    "chalk": 2024,
}


def draw(technique: str, seed: int, size: int) -> Image.Image:
    """One picture; drawn at twice the size where a line would alias."""
    dice = np.random.default_rng(seed)
    scene = draw_scene(dice, size * 2)
    picture = TECHNIQUES[technique](scene, dice)
    image = Image.fromarray((picture * 255).clip(0, 255).round().astype(np.uint8))
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="writes NAME.webp of the shipped references")
    parser.add_argument("--size", type=int, default=384)
    parser.add_argument("--sheet", type=Path, help="writes one picture of several seeds of each technique")
    parser.add_argument("--seeds", type=int, default=4)
    arguments = parser.parse_args()
    if arguments.out:
        arguments.out.mkdir(parents=True, exist_ok=True)
        for name, seed in SHIPPED.items():
            draw(name, seed, arguments.size).save(arguments.out / f"{name}.webp", quality=82, method=6)
    if arguments.sheet:
        arguments.sheet.parent.mkdir(parents=True, exist_ok=True)
        side = arguments.size
        sheet = Image.new("RGB", (side * len(TECHNIQUES), side * arguments.seeds))
        for column, name in enumerate(TECHNIQUES):
            for row in range(arguments.seeds):
                sheet.paste(draw(name, 1000 + column + 100 * row, side), (column * side, row * side))
        sheet.save(arguments.sheet)


if __name__ == "__main__":
    main()
