"""What the style network learns from, in memory: photographs, paintings, drawn textures.

    python -m lumiere_training.style.pictures --media ../../shared/media/train --licences ../../shared/media/LICENSES.tsv --out out/style/pictures

Prepared once into one file of small JPEG pictures, so that a folder of a few MiB travels. Only files
that LICENSES.tsv names are used; the pictures held out for judging are left out here, by name.
"""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from ..media import read_licences
from .textures import TECHNIQUES, draw

# Chosen before anything was tuned; never shown to training (`docs/style.md` judges with them).
HELD_OUT_STYLES = (
    "train/style/gc_details_069.webp",
    "train/style/paintings_030.webp",
    "train/style/paintings_093.webp",
    "train/style/paintings_166.webp",
    "train/style/paintings_221.webp",
    "train/style/vg_wheat_field.webp",
)
# No clip is trained on; these six were not even looked at while the run was tuned.
HELD_OUT_CLIPS = (
    "demo/bee_480p16.mp4",
    "train/video/openshot_marathon.mp4",
    "train/video/sb_city_aerial.mp4",
    "train/video/imageio_cockatoo.mp4",
    "train/video/sam2_bedroom.mp4",
    "train/video/vide_ocean.mp4",
)
PHOTO_SIDE, STYLE_SIDE = 208, 240  # shorter sides kept
TEXTURE_SEEDS = 14  # of each technique
KINDS = ("photo", "style", "texture")


def _jpeg(image: Image.Image, short: int) -> bytes:
    image = image.convert("RGB")
    longest = 1.7 * min(image.size)
    left, top = max(0, image.width - longest) / 2, max(0, image.height - longest) / 2
    image = image.crop((round(left), round(top), round(image.width - left), round(image.height - top)))
    scale = short / min(image.size)
    buffer = io.BytesIO()
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def prepare(media: Path, licences: Path, out: Path, texture_seeds: int = TEXTURE_SEEDS) -> dict[str, int]:
    """Write `out/index.json` and `out/pictures.bin`; returns how many of each kind."""
    out.mkdir(parents=True, exist_ok=True)
    entries: list[dict] = []
    with open(out / "pictures.bin", "wb") as file:

        def keep(kind: str, path: str, licence: str, image: Image.Image, short: int) -> None:
            data = _jpeg(image, short)
            entries.append({"kind": kind, "path": path, "licence": licence, "offset": file.tell(), "bytes": len(data)})
            file.write(data)

        for path, row in sorted(read_licences(licences).items()):
            folders = Path(path).parts
            if folders[0] != media.name or folders[1] not in KINDS or path in HELD_OUT_STYLES:
                continue
            try:
                image = Image.open(media.parent / path)
                keep(folders[1], path, row.get("licence") or "", image, PHOTO_SIDE if folders[1] == "photo" else STYLE_SIDE)
            except Exception as error:  # a file that cannot be read is named and left out
                print(f"skipped {path}: {error}")
        for technique in TECHNIQUES:
            for seed in range(texture_seeds):
                keep("texture", f"{technique}/{seed}", "Apache-2.0 (drawn by this code)", draw(technique, seed, STYLE_SIDE), STYLE_SIDE)
    (out / "index.json").write_text(json.dumps(entries, indent=0, ensure_ascii=False))
    return {kind: sum(entry["kind"] == kind for entry in entries) for kind in KINDS}


class Pictures:
    """Random crops. The generator decides everything."""

    def __init__(self, folder: Path) -> None:
        data = (folder / "pictures.bin").read_bytes()
        self.kinds: dict[str, list[Tensor]] = {kind: [] for kind in KINDS}
        self.names: dict[str, list[str]] = {kind: [] for kind in KINDS}
        for entry in json.loads((folder / "index.json").read_text()):
            image = Image.open(io.BytesIO(data[entry["offset"] : entry["offset"] + entry["bytes"]]))
            pixels = torch.from_numpy(np.asarray(image.convert("RGB")).copy()).permute(2, 0, 1)
            self.kinds[entry["kind"]].append(pixels.contiguous())
            self.names[entry["kind"]].append(entry["path"])

    def crop(self, kind: str, size: int, least: float, dice: torch.Generator) -> Tensor:
        """[3, size, size] 0..1 of one picture: a square of at least `least` of its shorter side."""
        number = torch.rand(5, generator=dice).tolist()
        pixels = self.kinds[kind][int(number[0] * len(self.kinds[kind]))]
        height, width = pixels.shape[1:]
        side = int(min(height, width) * (least + (1 - least) * number[1]))
        top, left = int(number[2] * (height - side + 1)), int(number[3] * (width - side + 1))
        patch = pixels[:, top : top + side, left : left + side].float()[None] / 255
        if number[4] < 0.5:
            patch = patch.flip(3)
        return functional.interpolate(patch, (size, size), mode="bilinear", antialias=True, align_corners=False)[0]

    def photos(self, count: int, size: int, dice: torch.Generator) -> Tensor:
        """[count, 3, size, size]."""
        return torch.stack([self.crop("photo", size, 0.45, dice) for _ in range(count)])

    def styles(self, count: int, size: int, dice: torch.Generator) -> Tensor:
        """Half paintings, a third textures, the rest photographs; one in five with its colours exchanged."""
        made = []
        for _ in range(count):
            kind, colours = torch.rand(2, generator=dice).tolist()
            patch = self.crop("style" if kind < 0.5 else "texture" if kind < 0.85 else "photo", size, 0.7, dice)
            if colours < 0.2:
                patch = patch[torch.randperm(3, generator=dice)]
            made.append(patch)
        return torch.stack(made)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--media", type=Path, required=True)
    parser.add_argument("--licences", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("out/style/pictures"))
    arguments = parser.parse_args()
    print(prepare(arguments.media, arguments.licences, arguments.out))


if __name__ == "__main__":
    main()
