"""What the follower learns from, in memory: photographs, scenes of the world, real clips with their flow.

    python -m lumiere_training.correspondence.pictures --media ../../shared/media/train --licences ../../shared/media/LICENSES.tsv --out out/keys/pictures

Prepared once (needs OpenCV) into two files of some 25 MiB that travel. Only files that LICENSES.tsv
names are used; clips with drawn masks are left out here, by name.
"""

from __future__ import annotations

import argparse
import io
import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from ..media import read_licences
from ..style.textures import TECHNIQUES, draw
from .flow import GRID, UNKNOWN, measure, unpack

PHOTO = (208, 288)  # height and width of all pictures
CLIP = (240, 432)
QUALITY = 76  # of the JPEG files
RUN = 12  # frames in a row
RATE = 12.0  # of them a second
RUNS = 4  # of one clip at most, spread over it
WORLD = 128  # scenes drawn by the world
HELD = 0.4  # share of a frame that must be known in the one before, else it is a cut
# Their masks are drawn by hand in tests/quality/masks (the bee is in two cuts): judged with, never learned from.
HELD_OUT = tuple(
    f"train/video/{name}.mp4"
    for name in (
        "vision_basketball",
        "bee",
        "sam2_bedroom",
        "forensics_dog",
        "openshot_motorway",
        "intel_persons",
        "opencv_vtest",
    )
)


def _jpeg(image: Image.Image, size: tuple[int, int], quality: int) -> tuple[bytes, Image.Image]:
    image = ImageOps.fit(image.convert("RGB"), size[::-1], Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue(), image


def decode(path: Path) -> list[list[Image.Image]]:
    """At most four stretches of a clip, of 12 frames at 12 a second."""
    import cv2

    capture = cv2.VideoCapture(str(path))
    rate, total = capture.get(cv2.CAP_PROP_FPS) or 25.0, int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    each = max(1.0, rate / RATE)
    long = int(each * (RUN - 1)) + 1
    count = min(RUNS, total // long)
    firsts = [round((total - long) * (k + 0.5) / count) for k in range(count)]
    wanted = {first + round(each * step): (k, step) for k, first in enumerate(firsts) for step in range(RUN)}
    runs: list[list[Image.Image]] = [[] for _ in firsts]
    for index in range(total):
        ok, frame = capture.read()
        if not ok:
            break
        if index in wanted:
            runs[wanted[index][0]].append(Image.fromarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)))
    capture.release()
    return [run for run in runs if len(run) == RUN and min(run[0].size) >= 200]


def _stills() -> list[tuple[str, Image.Image]]:
    """Scenes of the world and textures, drawn by this package."""
    from ..world.render import draw_labels, render

    made = []
    for part in range(WORLD // 16):
        frames = render(draw_labels(16, 900 + part), 2, 288, 1.0, 900 + part).video[:, 1]
        made += [(f"world/{part}/{k}", Image.fromarray(frame.permute(1, 2, 0).numpy())) for k, frame in enumerate(frames)]
    return made + [(f"{name}/{seed}", draw(name, seed, 288)) for name in TECHNIQUES for seed in range(4)]


def prepare(media: Path, licences: Path, out: Path, stills: bool = True) -> dict[str, int]:
    """Write `out/index.json` and `out/pictures.bin`; returns how many photographs, scenes and stretches of clips."""
    out.mkdir(parents=True, exist_ok=True)
    entries: list[dict] = []
    with open(out / "pictures.bin", "wb") as file, ThreadPoolExecutor(2) as pool:

        def keep(kind: str, path: str, licence: str, parts: list[bytes]) -> None:
            sizes = [len(part) for part in parts]
            entries.append({"kind": kind, "path": path, "licence": licence, "offset": file.tell(), "sizes": sizes})
            file.write(b"".join(parts))

        for path, row in sorted(read_licences(licences).items()):
            folders = Path(path).parts
            if folders[0] != media.name or folders[1] not in ("photo", "video") or path in HELD_OUT:
                continue
            try:
                if folders[1] == "photo":
                    keep("photo", path, row.get("licence") or "", [_jpeg(Image.open(media.parent / path), PHOTO, QUALITY)[0]])
                    continue
                for frames in decode(media.parent / path):
                    coded = [_jpeg(frame, CLIP, QUALITY) for frame in frames]
                    arrays = [np.asarray(image) for _, image in coded]
                    flows = np.stack(list(pool.map(measure, arrays, arrays[1:])))
                    if (flows[:, 0] != UNKNOWN).mean((1, 2)).min() > HELD:
                        parts = [data for data, _ in coded] + [zlib.compress(flows.tobytes(), 9)]
                        keep("clip", path, row.get("licence") or "", parts)
            except Exception as error:  # a file that cannot be read is named and left out
                print(f"skipped {path}: {error}")
        for name, image in _stills() if stills else []:
            keep("drawn", name, "Apache-2.0 (drawn by this code)", [_jpeg(image, PHOTO, QUALITY)[0]])
    (out / "index.json").write_text(json.dumps(entries, indent=0, ensure_ascii=False))
    return {kind: sum(entry["kind"] == kind for entry in entries) for kind in ("photo", "drawn", "clip")}


def _pixels(data: bytes) -> Tensor:
    return torch.from_numpy(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).copy()).permute(2, 0, 1)


@dataclass
class Pictures:
    """Everything in memory, on one device: whole batches are taken by index, without a loop."""

    stills: Tensor  # uint8 [P, 3, 208, 288]
    frames: Tensor  # uint8 [R, 12, 3, 240, 432]
    flows: Tensor  # int8 [R, 11, 2, 60, 108], see flow.measure

    @staticmethod
    def load(folder: Path) -> Pictures:
        """What `prepare` wrote."""
        data = (folder / "pictures.bin").read_bytes()
        stills, frames, flows = [], [], []
        for entry in json.loads((folder / "index.json").read_text()):
            ends = np.cumsum([entry["offset"], *entry["sizes"]])
            parts = [data[a:b] for a, b in zip(ends, ends[1:])]
            if entry["kind"] == "clip":
                frames.append(torch.stack([_pixels(part) for part in parts[:-1]]))
                packed = np.frombuffer(zlib.decompress(parts[-1]), np.int8).copy()
                flows.append(torch.from_numpy(packed.reshape(RUN - 1, 2, CLIP[0] // GRID, CLIP[1] // GRID)))
            else:
                stills.append(_pixels(parts[0]))
        return Pictures(torch.stack(stills), torch.stack(frames), torch.stack(flows))

    def to(self, device: torch.device) -> Pictures:
        return Pictures(self.stills.to(device), self.frames.to(device), self.flows.to(device))

    @property
    def device(self) -> torch.device:
        return self.stills.device

    def photos(self, count: int, dice: torch.Generator) -> Tensor:
        """[N, 3, 208, 288] 0..1."""
        picks = torch.randint(len(self.stills), (count,), generator=dice, device=self.device)
        return self.stills[picks].float() / 255

    def clips(
        self, count: int, frames: int, most: int, dice: torch.Generator
    ) -> tuple[Tensor, list[tuple[Tensor, Tensor]], Tensor]:
        """`count` clips of so many frames, `most` stored frames apart or fewer.

        Returns frames [N, T, 3, 240, 432] 0..1, the displacements of all stored frames after the first
        of each to the one before (flow.unpack), and which of them the frames are [N, T].
        """
        numbers = torch.rand(3, count, generator=dice, device=self.device)
        picks = (numbers[0] * len(self.frames)).long()
        apart = 1 + (numbers[1] * most).long()
        long = most * (frames - 1)
        start = (numbers[2] * (RUN - long)).long()
        steps = torch.arange(frames, device=self.device)[None] * apart[:, None]
        taken = self.frames[picks[:, None], start[:, None] + steps].float() / 255
        flows = [unpack(self.flows[picks, start + k], *CLIP) for k in range(long)]
        return taken, flows, steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--media", type=Path, required=True)
    parser.add_argument("--licences", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("out/keys/pictures"))
    arguments = parser.parse_args()
    print(prepare(arguments.media, arguments.licences, arguments.out), (arguments.out / "pictures.bin").stat().st_size / 2**20)


if __name__ == "__main__":
    main()
