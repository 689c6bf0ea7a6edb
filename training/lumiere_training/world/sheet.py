"""Contact sheets: one row a clip, frames from left to right, PNG.

python -m lumiere_training.world.sheet --out out/world.png --size 128 --columns 6
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from .attributes import ATTRIBUTES
from .families import FAMILY_NAMES
from .render import draw_labels, render


def save_sheet(video: Tensor, path: Path, columns: int = 6, clips_across: int = 1) -> None:
    """Write clips uint8 [N, T, 3, H, W] as a PNG, `columns` evenly spaced frames each."""
    count, frames, _, height, width = video.shape
    pick = torch.linspace(0, frames - 1, columns).round().long()
    rows = -(-count // clips_across)
    gap = 3
    sheet = torch.full((rows * (height + gap), clips_across * (columns * width + 2 * gap), 3), 40, dtype=torch.uint8)
    for index in range(count):
        strip = video[index, pick.to(video.device)].permute(2, 0, 3, 1).reshape(height, columns * width, 3).cpu()
        top, left = (index // clips_across) * (height + gap), (index % clips_across) * (columns * width + 2 * gap)
        sheet[top : top + height, left : left + columns * width] = strip
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet.numpy()).save(path)


def describe(labels: dict[str, Tensor], row: int) -> str:
    """Attribute values of one sample, for a log line."""
    return " ".join(f"{name}={ATTRIBUTES[name][int(values[row])]}" for name, values in labels.items() if values[row] >= 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/world.png"))
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--frames", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--columns", type=int, default=6)
    parser.add_argument("--clips-across", type=int, default=1)
    parser.add_argument("--each", type=int, default=1, help="clips of every family")
    parser.add_argument("--families", nargs="*", default=None)
    parser.add_argument("--style", default=None, help="force one style")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    names = list(arguments.families or FAMILY_NAMES)
    parts = [draw_labels(arguments.each, arguments.seed + index, [name]) for index, name in enumerate(names)]
    labels = {name: torch.cat([part[name] for part in parts]) for name in parts[0]}
    if arguments.style:
        labels["style"] = torch.full_like(labels["style"], ATTRIBUTES["style"].index(arguments.style))
    started = time.perf_counter()
    clips = render(labels, arguments.frames, arguments.size, arguments.seconds, arguments.seed)
    elapsed = time.perf_counter() - started
    save_sheet(clips.video, arguments.out, arguments.columns, arguments.clips_across)
    for row in range(len(labels["family"])):
        print(row, describe(labels, row))
    print(f"{len(labels['family'])} clips in {elapsed:.1f} s -> {arguments.out}")


if __name__ == "__main__":
    main()
