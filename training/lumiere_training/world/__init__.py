"""The procedural captioned world: scenes, labels, captions and contact sheets."""

from .attributes import ABSENT, ATTRIBUTES
from .families import FAMILIES, FAMILY_NAMES
from .render import Clips, draw_labels, is_held_out, render, sample_clips

__all__ = ["ABSENT", "ATTRIBUTES", "FAMILIES", "FAMILY_NAMES", "Clips", "draw_labels", "is_held_out", "render", "sample_clips"]
