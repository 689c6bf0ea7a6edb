"""The scene families: which function draws each, and which attributes it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from . import fire, land, objects, overlays, sky, water
from .attributes import ALL_STYLES, ATTRIBUTES, FAST_SLOW, MOVING_CAMERA, SOFT_STYLES, SOLID_STYLES, ZOOM_CAMERA, Options
from .canvas import Canvas

SIDES = ("left", "right")
EVERY_WAY = ("left", "right", "up", "down")
LIGHTS = ("day", "sunset", "night")
AMOUNTS = ("few", "normal", "many")
SIZES = ("small", "medium", "large")
VIVID = ("red", "orange", "yellow", "green", "turquoise", "blue", "purple", "pink")
WALLS = ("white", "grey", "black", "yellow", "green", "turquoise", "blue", "purple", "pink", "brown")
NUMBERS = ("1", "2", "3", "4", "5")


@dataclass(frozen=True)
class Family:
    """One kind of scene. `options` names every attribute that its picture shows."""

    name: str
    draw: Callable[[Canvas], Tensor]
    options: Options


def _family(draw: Callable[[Canvas], Tensor], **values: tuple[str, ...]) -> Family:
    values.setdefault("camera", ZOOM_CAMERA if "direction" in values else MOVING_CAMERA)
    values.setdefault("style", SOLID_STYLES)
    return Family(draw.__name__, draw, Options(values))


FAMILIES: tuple[Family, ...] = (
    _family(sky.clouds, direction=SIDES, speed=FAST_SLOW, density=AMOUNTS, light=LIGHTS),
    _family(sky.sunset, direction=("up", "down"), speed=FAST_SLOW, style=ALL_STYLES),
    _family(
        sky.stars,
        direction=SIDES,
        speed=FAST_SLOW,
        density=AMOUNTS,
        colour=("blue", "purple", "pink", "turquoise", "orange"),
        style=("natural", "mono", "watercolour"),
    ),
    _family(sky.aurora, colour=("green", "turquoise", "pink", "purple", "red", "blue"), speed=FAST_SLOW, style=SOFT_STYLES),
    _family(sky.fireworks, colour=VIVID, count=NUMBERS, size=SIZES, style=("natural", "mono", "bricks", "watercolour")),
    _family(water.sea, direction=SIDES, speed=FAST_SLOW, light=LIGHTS),
    _family(water.lake, light=LIGHTS),
    _family(
        water.rain,
        direction=SIDES,
        speed=FAST_SLOW,
        density=AMOUNTS,
        light=LIGHTS,
        style=("natural", "mono", "cartoon", "watercolour"),
    ),
    _family(
        water.ink,
        colour=("red", "orange", "green", "turquoise", "blue", "purple", "pink", "black"),
        background=("white", "grey", "yellow"),
        speed=FAST_SLOW,
        size=SIZES,
    ),
    _family(
        water.bubbles,
        background=("turquoise", "blue", "purple", "green", "pink", "black"),
        size=SIZES,
        density=AMOUNTS,
        speed=FAST_SLOW,
    ),
    _family(fire.fire, colour=("orange", "red", "blue", "green", "purple"), size=SIZES, speed=FAST_SLOW),
    _family(
        fire.smoke,
        colour=("white", "grey", "black", "red", "orange", "purple", "blue", "green"),
        background=("white", "grey", "black", "blue", "brown"),
        direction=SIDES,
        speed=FAST_SLOW,
    ),
    _family(fire.lava, direction=EVERY_WAY, speed=FAST_SLOW),
    _family(
        fire.sparks,
        colour=("orange", "yellow", "white", "blue", "green", "pink"),
        density=AMOUNTS,
        speed=FAST_SLOW,
        style=("natural", "mono", "bricks"),
    ),
    _family(
        fire.fog,
        direction=SIDES,
        speed=FAST_SLOW,
        density=AMOUNTS,
        light=LIGHTS,
        style=("natural", "mono", "watercolour", "cartoon"),
    ),
    _family(land.hills, direction=SIDES, speed=FAST_SLOW, light=LIGHTS),
    _family(land.city, light=LIGHTS, style=("natural", "cartoon", "drawing", "watercolour", "mono", "neon")),
    _family(land.trees, colour=("green", "yellow", "orange", "red", "pink"), count=NUMBERS, speed=FAST_SLOW, light=LIGHTS),
    _family(
        land.snow,
        direction=("left", "right", "down"),
        speed=FAST_SLOW,
        density=AMOUNTS,
        light=LIGHTS,
        style=("natural", "mono", "cartoon", "watercolour"),
    ),
    _family(
        land.leaves,
        colour=("red", "orange", "yellow", "green", "brown", "pink"),
        background=("white", "grey", "blue", "turquoise", "black"),
        direction=SIDES,
        speed=FAST_SLOW,
        size=SIZES,
        density=AMOUNTS,
    ),
    _family(
        overlays.confetti,
        background=("white", "black", "grey", "blue", "purple", "brown"),
        size=SIZES,
        speed=FAST_SLOW,
        density=AMOUNTS,
    ),
    _family(
        overlays.bokeh,
        colour=VIVID,
        direction=EVERY_WAY,
        size=SIZES,
        speed=FAST_SLOW,
        density=AMOUNTS,
        style=("natural", "mono", "bricks"),
    ),
    _family(
        overlays.light_leaks,
        colour=("red", "orange", "yellow", "pink", "purple", "blue", "turquoise"),
        direction=SIDES,
        speed=FAST_SLOW,
        camera=("still",),
        style=("natural", "mono"),
    ),
    _family(
        objects.ball,
        colour=tuple(ATTRIBUTES["colour"]),
        background=WALLS,
        direction=EVERY_WAY,
        size=SIZES,
        count=NUMBERS,
        speed=FAST_SLOW,
    ),
    _family(
        objects.balloon,
        colour=VIVID + ("white",),
        direction=("left", "right", "up"),
        size=SIZES,
        count=NUMBERS,
        speed=FAST_SLOW,
        light=LIGHTS,
    ),
    _family(objects.boat, colour=VIVID + ("white", "black", "brown"), direction=SIDES, size=SIZES, speed=FAST_SLOW, light=LIGHTS),
    _family(
        objects.bird,
        colour=VIVID + ("white", "black", "brown", "grey"),
        direction=SIDES,
        size=SIZES,
        count=NUMBERS,
        speed=FAST_SLOW,
        light=LIGHTS,
    ),
    _family(objects.fish, colour=VIVID + ("white", "grey"), direction=SIDES, size=SIZES, count=NUMBERS, speed=FAST_SLOW),
    _family(
        objects.car,
        colour=VIVID + ("white", "black", "grey", "brown"),
        direction=SIDES,
        size=SIZES,
        speed=FAST_SLOW,
        light=LIGHTS,
    ),
)

FAMILY_NAMES: tuple[str, ...] = tuple(family.name for family in FAMILIES)
ATTRIBUTES["family"] = FAMILY_NAMES
