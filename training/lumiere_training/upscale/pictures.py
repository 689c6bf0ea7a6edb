"""What the upscaler learns from: photographs, frames of clips, drawn scenes, and scenes as the world model makes them.

    python -m lumiere_training.upscale.pictures --media ../../shared/media/train --licences ../../shared/media/LICENSES.tsv \\
        --world ../resources/model-packs/lumiere-world-m --out out/upscale/pictures

Prepared once into one file, so that a folder travels. Only files that LICENSES.tsv names are used; what was held out for
judging is left out here, by name. Frames of clips need ffmpeg on the path; without it there are none.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ..media import read_licences
from ..settings import mix
from ..style.pictures import HELD_OUT_CLIPS
from ..world.render import draw_labels, render
from .made import Remaker

# Every 51st of the photographs in the order of their paths, chosen before anything was tried; never shown to training.
HELD_OUT_PHOTOS = (
    "train/photo/elementary/Lamp_post_on_dock.webp",
    "train/photo/endless-sky/badlands0.webp",
    "train/photo/endless-sky/city11.webp",
    "train/photo/endless-sky/fields3.webp",
    "train/photo/endless-sky/mfield1.webp",
    "train/photo/endless-sky/sea1.webp",
    "train/photo/endless-sky/station3.webp",
    "train/photo/gcompris/categorization_021.webp",
    "train/photo/gcompris/categorization_083.webp",
    "train/photo/gcompris/categorization_141.webp",
    "train/photo/gcompris/explore_monuments_028.webp",
    "train/photo/lomiri/Picture_0B_by_freespace.webp",
    "train/photo/mdn/grapefruit-slice.webp",
    "train/photo/npm-themes/bg-showcase-1.webp",
    "train/photo/npm-themes/soroush-karimi.webp",
    "train/photo/scratch/hallway_outdoors.webp",
)
WORLD_SIDE = 512
WORLD_CLIPS, MADE_CLIPS = 240, 240
FRAMES_OF_A_CLIP = 6
SHORTEST = 200  # smaller pictures have nothing to teach about detail
KINDS = ("photo", "video", "world", "made")


def encoded(picture: Tensor, quality: int) -> bytes:
    """uint8 [3, H, W] as WebP; 100 is lossless."""
    buffer = io.BytesIO()
    image = Image.fromarray(picture.permute(1, 2, 0).numpy())
    image.save(buffer, "WEBP", quality=quality, method=4, lossless=quality == 100)
    return buffer.getvalue()


def decoded(data: bytes) -> Tensor:
    """What `encoded` wrote, or any picture file: uint8 [3, H, W]."""
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).copy()
    return torch.from_numpy(pixels).permute(2, 0, 1).contiguous()


def frames_of(clip: Path, count: int = FRAMES_OF_A_CLIP, whole: bool = True) -> list[Tensor]:
    """`count` frames spread over a clip (or, not `whole`, following one another), the shorter side at most 320.

    None without ffmpeg.
    """
    if shutil.which("ffmpeg") is None:
        return []
    scale = "scale='trunc(iw*min(1,320/min(iw,ih))/2)*2':'trunc(ih*min(1,320/min(iw,ih))/2)*2':flags=area"
    with tempfile.TemporaryDirectory() as folder:
        frames = ["-vf", f"fps=2,{scale}"] if whole else ["-vf", scale, "-frames:v", str(count)]
        command = ["ffmpeg", "-v", "error", "-i", str(clip), "-an", *frames, f"{folder}/%04d.png"]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        files = sorted(Path(folder).iterdir())
        chosen = sorted({round((n + 0.5) / count * len(files) - 0.5) for n in range(count)})
        return [decoded(files[n].read_bytes()) for n in chosen if n < len(files)]


class Shelf:
    """Pictures in one file, with an index beside it."""

    def __init__(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self.out, self.entries, self.file = out, [], open(out / "pictures.bin", "wb")

    def keep(self, kind: str, path: str, licence: str, *pictures: bytes) -> None:
        """One entry: a picture, or a small one and its large one."""
        self.entries.append(
            {"kind": kind, "path": path, "licence": licence, "offset": self.file.tell(), "bytes": [len(data) for data in pictures]}
        )
        for data in pictures:
            self.file.write(data)

    def close(self) -> dict[str, int]:
        self.file.close()
        (self.out / "index.json").write_text(json.dumps(self.entries, indent=0, ensure_ascii=False))
        return {kind: sum(entry["kind"] == kind for entry in self.entries) for kind in KINDS}


def prepare(media: Path, licences: Path, world: Path, out: Path, world_clips: int = WORLD_CLIPS, made_clips: int = MADE_CLIPS) -> dict[str, int]:
    """Write `out/index.json` and `out/pictures.bin`; returns how many of each kind."""
    shelf = Shelf(out)
    for path, row in sorted(read_licences(licences).items()):
        folders = Path(path).parts
        if folders[0] != media.name or folders[1] not in ("photo", "video") or path in (*HELD_OUT_PHOTOS, *HELD_OUT_CLIPS):
            continue
        source, licence = media.parent / path, row.get("licence") or ""
        try:
            if folders[1] == "video":
                for number, frame in enumerate(frames_of(source)):
                    shelf.keep("video", f"{path}#{number}", licence, encoded(frame, 92))
            elif min(Image.open(source).size) >= SHORTEST:
                shelf.keep("photo", path, licence, source.read_bytes())
        except Exception as error:  # a file that cannot be read is named and left out
            print(f"skipped {path}: {error}")
    ours = "Apache-2.0 (drawn by this code)"
    for clip in range(world_clips):
        labels = draw_labels(1, mix(51, clip))
        for number, frame in enumerate(render(labels, 2, WORLD_SIDE, 5.0, mix(52, clip)).video[0]):
            shelf.keep("world", f"{clip}#{number}", ours, encoded(frame, 92))
    remaker = Remaker(world)
    for clip in range(made_clips):
        small, large = remaker.pair(mix(53, clip))
        for frame in range(remaker.frames // 12, remaker.frames, remaker.frames // 6):
            shelf.keep("made", f"{clip}#{frame}", ours, encoded(small[frame], 100), encoded(large[frame], 92))
    return shelf.close()


class Pictures:
    """Random pictures from a prepared folder. The generator decides everything."""

    def __init__(self, folder: Path) -> None:
        self.data = (folder / "pictures.bin").read_bytes()
        self.entries: dict[str, list[dict]] = {kind: [] for kind in KINDS}
        for entry in json.loads((folder / "index.json").read_text()):
            self.entries[entry["kind"]].append(entry)

    def pick(self, kind: str, dice: torch.Generator) -> list[Tensor]:
        """One picture, or the small and the large one of a made pair; uint8 [3, H, W]."""
        entries = self.entries[kind]
        entry = entries[int(torch.rand(1, generator=dice).item() * len(entries))]
        found, offset = [], entry["offset"]
        for size in entry["bytes"]:
            found.append(decoded(self.data[offset : offset + size]))
            offset += size
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--media", type=Path, required=True)
    parser.add_argument("--licences", type=Path, required=True)
    parser.add_argument("--world", type=Path, required=True, help="the world pack whose clips are to be enlarged")
    parser.add_argument("--out", type=Path, default=Path("out/upscale/pictures"))
    parser.add_argument("--world-clips", type=int, default=WORLD_CLIPS)
    parser.add_argument("--made-clips", type=int, default=MADE_CLIPS)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    made = prepare(
        arguments.media, arguments.licences, arguments.world, arguments.out, arguments.world_clips, arguments.made_clips
    )
    print(made, f"{(arguments.out / 'pictures.bin').stat().st_size / 2**20:.0f} MiB")


if __name__ == "__main__":
    main()
