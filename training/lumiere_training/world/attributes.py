"""The attributes that a scene of the procedural world can have, and their values.

Every sample carries one integer per attribute: the index into `ATTRIBUTES[name]`, or `ABSENT`
when the family does not show that attribute. Captions and classifiers read the same integers.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

ABSENT = -1

COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (0.86, 0.12, 0.12),
    "orange": (0.97, 0.50, 0.08),
    "yellow": (0.98, 0.84, 0.15),
    "green": (0.16, 0.66, 0.24),
    "turquoise": (0.10, 0.74, 0.72),
    "blue": (0.13, 0.32, 0.88),
    "purple": (0.54, 0.20, 0.76),
    "pink": (0.98, 0.48, 0.70),
    "white": (0.96, 0.96, 0.96),
    "grey": (0.52, 0.53, 0.55),
    "black": (0.07, 0.07, 0.08),
    "brown": (0.48, 0.29, 0.14),
}

DIRECTIONS: dict[str, tuple[float, float]] = {  # unit vectors, x to the right, y downwards
    "left": (-1.0, 0.0),
    "right": (1.0, 0.0),
    "up": (0.0, -1.0),
    "down": (0.0, 1.0),
}

# Factor on a family's own pace. Slow still has to cross a tenth of the width in one clip,
# or nobody, network or person, can learn the word.
SPEEDS: dict[str, float] = {"slow": 0.4, "normal": 1.0, "fast": 1.9}
SIZES: dict[str, float] = {"small": 0.58, "medium": 1.0, "large": 1.6}
DENSITIES: dict[str, float] = {"few": 0.35, "normal": 1.0, "many": 2.4}

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "family": (),  # filled by families.py
    "colour": tuple(COLOURS),
    "background": tuple(COLOURS),
    "size": tuple(SIZES),
    "count": ("1", "2", "3", "4", "5"),
    "direction": tuple(DIRECTIONS),
    "speed": tuple(SPEEDS),
    "density": tuple(DENSITIES),
    "light": ("day", "sunset", "night"),
    "camera": ("still", "pan left", "pan right", "zoom in", "zoom out"),
    "style": ("natural", "cartoon", "drawing", "watercolour", "neon", "bricks", "mono"),
}

MOVING_CAMERA = ("still", "pan left", "pan right", "zoom in", "zoom out")
ZOOM_CAMERA = ("still", "zoom in", "zoom out")  # where a pan would contradict the scene's own direction
ALL_STYLES = ATTRIBUTES["style"]
SOLID_STYLES = ("natural", "cartoon", "drawing", "watercolour", "mono", "bricks", "neon")
SOFT_STYLES = ("natural", "mono", "cartoon", "watercolour")  # for scenes without edges to draw
FAST_SLOW = tuple(SPEEDS)


COLOURLESS_STYLES = ("drawing", "mono")


def visible(labels: dict[str, Tensor]) -> dict[str, Tensor]:
    """Labels as a viewer could tell them: no colours in a pencil drawing or a black and white film."""
    hidden = torch.zeros_like(labels["style"], dtype=torch.bool)
    for name in COLOURLESS_STYLES:
        hidden |= labels["style"] == ATTRIBUTES["style"].index(name)
    seen = dict(labels)
    for name in ("colour", "background"):
        seen[name] = labels[name].masked_fill(hidden, ABSENT)
    return seen


@dataclass(frozen=True)
class Options:
    """Values that one family shows, per attribute; an attribute not named here is absent."""

    values: dict[str, tuple[str, ...]]

    def indices(self, attribute: str) -> list[int]:
        """Indices into `ATTRIBUTES[attribute]` of the values that this family may take."""
        return [ATTRIBUTES[attribute].index(value) for value in self.values.get(attribute, ())]


def table(values: dict[str, tuple[float, ...] | float], device: torch.device) -> Tensor:
    """Attribute values as a tensor, one row a value, in the order of the labels."""
    return torch.tensor(list(values.values()), dtype=torch.float32, device=device)
