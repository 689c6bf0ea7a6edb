"""Photographs and natural clips as a second source: real motion, camera moves over photographs.

Media are prepared once into small JPEG files, so that a folder of a few MiB travels to a GPU:

    python -m lumiere_training.media --media ../shared/media/train --licences ../shared/media/LICENSES.tsv --out out/media

Video decoding needs OpenCV (`pip install lumiere-training[media]`); photographs need Pillow only.
Captions are the notes of LICENSES.tsv, or generic. Only files that LICENSES.tsv names are used.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

FPS = 16
SHORT_SIDE = {"photo": 176, "video": 136}  # pixels kept; training never shows more than 128
LONGEST = 10 * FPS  # frames kept of one clip
WIDEST = 1.6  # wider pictures are cropped in the middle
GENERIC = {
    "photo": ("photograph, {}", "a photo, {}", "fotografia, {}"),
    "video": ("video clip", "film clip, natural motion", "filmato"),
}
CAMERA = {
    "pan left": "the camera pans left",
    "pan right": "the camera pans right",
    "zoom in": "the camera zooms in",
    "zoom out": "the camera zooms out",
    "still": "static camera",
}


def read_licences(path: Path) -> dict[str, dict[str, str]]:
    """Rows of the tab-separated file by `path` (relative to the file's own folder)."""
    with open(path, encoding="utf-8", newline="") as file:
        return {row["path"]: row for row in csv.DictReader(file, delimiter="\t")}


def _fit(image: Image.Image, short: int) -> Image.Image:
    width, height = image.size
    if width > height * WIDEST:
        extra = int((width - height * WIDEST) / 2)
        image = image.crop((extra, 0, width - extra, height))
    elif height > width * WIDEST:
        extra = int((height - width * WIDEST) / 2)
        image = image.crop((0, extra, width, height - extra))
    scale = short / min(image.size)
    return image.convert("RGB").resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


def decode_video(path: Path) -> list[Image.Image]:
    """Frames at 16 per second, at most 10 s from the middle of the clip."""
    import cv2

    capture = cv2.VideoCapture(str(path))
    rate = capture.get(cv2.CAP_PROP_FPS) or 25.0
    total = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    start = max(0, int(total / 2 - LONGEST / FPS * rate / 2))
    frames, index, wanted = [], 0, float(start)
    while len(frames) < LONGEST:
        ok, frame = capture.read()
        if not ok:
            break
        if index >= wanted:
            frames.append(_fit(Image.fromarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)), SHORT_SIDE["video"]))
            wanted += max(rate / FPS, 1.0)
        index += 1
    capture.release()
    return frames


def prepare(media: Path, licences: Path, out: Path) -> dict[str, int]:
    """Write `out/index.json` and `out/media.bin`; returns how many of each kind were taken."""
    rows = read_licences(licences)
    out.mkdir(parents=True, exist_ok=True)
    entries, counts, offset = [], {"photo": 0, "video": 0, "skipped": 0}, 0
    with open(out / "media.bin", "wb") as file:
        for path, row in sorted(rows.items()):
            folders = Path(path).parts
            if folders[0] != media.name or folders[1] not in ("photo", "video"):
                continue  # demonstration clips stay unseen; style pictures are not scenes
            kind = folders[1]
            source = media.parent / path if (media.parent / path).exists() else media / path
            try:
                frames = decode_video(source) if kind == "video" else [_fit(Image.open(source), SHORT_SIDE["photo"])]
            except Exception as error:  # a file that cannot be read is named and left out
                print(f"skipped {path}: {error}")
                frames = []
            if not frames or (kind == "video" and len(frames) < 16):
                counts["skipped"] += 1
                continue
            sizes = []
            for frame in frames:
                data = _jpeg(frame)
                file.write(data)
                sizes.append(len(data))
            entries.append(
                {
                    "path": path,
                    "kind": kind,
                    "note": row.get("note") or "",
                    "licence": row.get("licence") or "",
                    "offset": offset,
                    "sizes": sizes,
                }
            )
            offset += sum(sizes)
            counts[kind] += 1
    (out / "index.json").write_text(json.dumps(entries, indent=0, ensure_ascii=False))
    return counts


class MediaSource:
    """Random clips from a prepared folder. One seed gives the same clips every time."""

    def __init__(self, folder: Path) -> None:
        self.entries = json.loads((folder / "index.json").read_text())
        self.data = (folder / "media.bin").read_bytes()
        self.kinds = {kind: [e for e in self.entries if e["kind"] == kind] for kind in ("photo", "video")}

    def _frames(self, entry: dict, first: int, count: int) -> Tensor:
        """uint8 [count, 3, H, W]."""
        offsets = [entry["offset"] + sum(entry["sizes"][:i]) for i in range(first, first + count)]
        pictures = [Image.open(io.BytesIO(self.data[o : o + s])) for o, s in zip(offsets, entry["sizes"][first : first + count])]
        return torch.stack([torch.from_numpy(np.asarray(p.convert("RGB")).copy()).permute(2, 0, 1) for p in pictures])

    def _photo(self, dice: random.Random, frames: int, size: int, seconds: float) -> tuple[Tensor, str]:
        entry = dice.choice(self.kinds["photo"])
        image = self._frames(entry, 0, 1).float()
        height, width = image.shape[2:]
        move = dice.choice(list(CAMERA))
        time = torch.linspace(-0.5, 0.5, frames) * seconds / 5.0
        zoom = {"zoom in": -0.35, "zoom out": 0.35}.get(move, 0.0)
        pan = {"pan left": -0.5, "pan right": 0.5}.get(move, 0.0)
        scale = 0.72 * torch.exp(zoom * time)
        spare_x, spare_y = (width - height * 0.85) / width if width > height else 0.15, 0.12
        aspect_x, aspect_y = min(1.0, height / width), min(1.0, width / height)
        x0, y0 = dice.uniform(-spare_x, spare_x) * 0.5, dice.uniform(-spare_y, spare_y)
        line = (torch.arange(size) + 0.5) / size * 2 - 1
        gx = (
            line.view(1, 1, size) * scale.view(-1, 1, 1) * aspect_x + (x0 + pan * time * max(spare_x, 0.25)).view(-1, 1, 1)
        ).expand(-1, size, -1)
        gy = (line.view(1, size, 1) * scale.view(-1, 1, 1) * aspect_y + y0).expand(-1, -1, size)
        reduce = max(1, int(min(height, width) * 0.72 // size))
        small = functional.avg_pool2d(image, reduce) if reduce > 1 else image
        grid = torch.stack((gx, gy), -1)
        clip = functional.grid_sample(small.expand(frames, -1, -1, -1), grid, padding_mode="reflection", align_corners=False)
        note = entry["note"] or "photograph"
        return clip.clamp(0, 255).to(torch.uint8), f"{note}, {CAMERA[move]}"

    def _video(self, dice: random.Random, frames: int, size: int, seconds: float) -> tuple[Tensor, str]:
        entry = dice.choice(self.kinds["video"])
        available = len(entry["sizes"])
        wanted = min(available, max(frames, int(round(seconds * FPS))))
        first = dice.randint(0, available - wanted)
        clip = self._frames(entry, first, wanted)
        if wanted != frames:
            clip = clip[torch.linspace(0, wanted - 1, frames).round().long()]
        height, width = clip.shape[2:]
        side = int(min(height, width) * dice.uniform(0.8, 1.0))
        top, left = dice.randint(0, height - side), dice.randint(0, width - side)
        clip = clip[:, :, top : top + side, left : left + side].float()
        clip = functional.interpolate(clip, (size, size), mode="area" if side >= size else "bilinear")
        return clip.clamp(0, 255).to(torch.uint8), entry["note"] or dice.choice(GENERIC["video"])

    def sample(self, count: int, frames: int, size: int, seconds: float, seed: int) -> tuple[Tensor, list[str]]:
        """uint8 [count, frames, 3, size, size] on the CPU, and captions. Half clips, half photographs."""
        dice = random.Random(seed)
        made = []
        for _ in range(count):
            video = self.kinds["video"] and (not self.kinds["photo"] or dice.random() < 0.5)
            made.append((self._video if video else self._photo)(dice, frames, size, seconds))
        return torch.stack([clip for clip, _ in made]), [text for _, text in made]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--media", type=Path, required=True, help="a folder with photo/ and video/ in it, named as in LICENSES.tsv"
    )
    parser.add_argument("--licences", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("out/media"))
    arguments = parser.parse_args()
    counts = prepare(arguments.media, arguments.licences, arguments.out)
    size = math.ceil((arguments.out / "media.bin").stat().st_size / 2**20)
    print(f"{counts['photo']} photographs, {counts['video']} clips, {counts['skipped']} skipped, {size} MiB")


if __name__ == "__main__":
    main()
