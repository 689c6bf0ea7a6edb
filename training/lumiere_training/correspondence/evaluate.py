"""Follow the hand-drawn masks of the real clips, as `npm run quality:tracking` does with the tracker without a network.

    python -m lumiere_training.correspondence.evaluate --checkpoint out/keys/full/checkpoint --pictures out/keys/pictures

The first drawn mask is followed through every frame, and compared where others are drawn: overlap
(IoU), its least, and the share of the object that is covered once removal has grown the mask by its
default. `alone`: by the keys alone; `still`: the mask left where it was. Basketball and bee may be
tuned on (the tracker without a network was); bedroom and dog are held out. `--beside` takes the
tracking.json that `npm run quality:tracking` writes. Wants OpenCV and the clips of ../../shared/media.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from .export import load_network
from .follow import RECENT, follow
from .network import Follower
from .pictures import Pictures

MASKS = Path(__file__).parents[3] / "tests/quality/masks"
FINE = 4  # parts of a pixel that outlines are drawn in


@dataclass
class Drawn:
    """A clip at the tracker's working size, and the frames that have a drawn mask."""

    name: str
    tuned: bool
    frames: Tensor  # [T, 3, H, W] 0..1
    masks: dict[int, np.ndarray]  # bool [H, W]


def outline(points: list[float], scale: float, height: int, width: int) -> np.ndarray:
    """bool [H, W]: at least half of a pixel is inside the polygon (x, y, x, y, ...)."""
    import cv2

    corners = np.round(np.array(points).reshape(-1, 2) * scale * FINE * 256 - 128).astype(np.int32)
    plane = np.zeros((height * FINE, width * FINE), np.uint8)
    cv2.fillPoly(plane, [corners], 255, cv2.LINE_8, 8)
    return plane.reshape(height, FINE, width, FINE).mean((1, 3)) >= 128


def load(path: Path, media: Path) -> Drawn:
    """One of the repository's drawn objects (tests/quality/drawn.ts)."""
    import cv2

    about = json.loads(path.read_text())
    # The working size of src/main/engine/vision/image.ts: about 120,000 pixels, by a whole factor.
    factor = max(1, math.ceil(math.sqrt(about["width"] * about["height"] / 120_000) - 0.2))
    width, height = about["width"] // factor, about["height"] // factor
    wanted = sorted(int(key) for key in about["frames"])
    capture = cv2.VideoCapture(str(media / about["clip"]))
    frames = []
    for index in range(wanted[-1] + 1):
        ok, frame = capture.read()
        if not ok:
            raise RuntimeError(f"{about['clip']} ends before frame {index}")
        if index >= wanted[0]:
            frame = cv2.resize(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), (width, height), interpolation=cv2.INTER_AREA)
            frames.append(torch.from_numpy(frame).permute(2, 0, 1).float() / 255)
    masks = {int(key) - wanted[0]: outline(points, 1 / factor, height, width) for key, points in about["frames"].items()}
    return Drawn(path.stem, about["tuned"], torch.stack(frames), masks)


def score(found: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Intersection over union, and recall after the default growth (src/shared/mask/growth.ts); bool [H, W]."""
    import cv2

    either, both = (found | truth).sum(), (found & truth).sum()
    growth = max(8, round(12 * min(truth.shape) / 480))
    distance = cv2.distanceTransform(1 - found.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    covered = truth & (distance <= growth) if found.any() else np.zeros_like(truth)
    return both / either if either else 1.0, covered.sum() / truth.sum() if truth.any() else 1.0


def judge(network: Follower, clip: Drawn, recent: int, alone: bool, out: Path | None) -> dict:
    """One row of the table."""
    began = time.process_time()
    masks = [mask.numpy() >= 0.5 for mask in follow(network, clip.frames, torch.from_numpy(clip.masks[0]), recent, alone)]
    seconds = (time.process_time() - began) / max(1, len(masks) - 1)
    later = [at for at in sorted(clip.masks) if at]
    scores = [score(masks[at], clip.masks[at]) for at in later]
    if out is not None:
        rows = []
        for chosen in (clip.masks, masks):
            tints = [torch.from_numpy(chosen[at]).float() * 0.55 for at in later]
            colour = torch.tensor([1.0, 0.85, 0.1])[:, None, None]
            rows.append(torch.cat([clip.frames[at] * (1 - tint) + colour * tint for at, tint in zip(later, tints)], 2))
        sheet = (torch.cat(rows, 1).permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
        out.mkdir(parents=True, exist_ok=True)
        Image.fromarray(sheet).save(out / f"{clip.name}{'-alone' if alone else ''}.png")
    ious = [iou for iou, _ in scores]
    mean = {"IoU": float(np.mean(ious)), "least": float(min(ious)), "recall": float(np.mean([r for _, r in scores]))}
    return {name: round(value, 3) for name, value in mean.items()} | {"s/frame (PyTorch, CPU)": round(seconds, 2)}


def table(
    network: Follower, media: Path, recent: int = RECENT, names: list[str] | None = None, out: Path | None = None
) -> list[dict]:
    rows = []
    for path in sorted(MASKS.glob("*.json")):
        if names and path.stem not in names:
            continue
        clip = load(path, media)
        stood = [score(clip.masks[0], clip.masks[at])[0] for at in clip.masks if at]
        about = {"case": clip.name, "held out": not clip.tuned, "still": round(float(np.mean(stood)), 3)}
        alone = judge(network, clip, recent, True, out)
        rows.append(about | judge(network, clip, recent, False, out) | {"alone": alone["IoU"], "recall alone": alone["recall"]})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, default=Path("out/keys/pictures"))
    parser.add_argument("--media", type=Path, default=Path("../../shared/media"))
    parser.add_argument("--recent", type=int, default=RECENT)
    parser.add_argument("--beside", type=Path, help="tracking.json of npm run quality:tracking")
    parser.add_argument("--only", nargs="*", default=None, help="clips by name")
    parser.add_argument("--out", type=Path, help="folder for sheets (the truth above) and evaluation.json")
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    network, state = load_network(arguments.checkpoint, Pictures.load(arguments.pictures))
    rows = table(network, arguments.media, arguments.recent, arguments.only, arguments.out)
    if arguments.beside:
        known = {row["case"]: row for row in json.loads(arguments.beside.read_text())}
        for row in rows:
            row["without a network"] = float(known[row["case"]]["IoU"])
            row["recall without"] = float(known[row["case"]]["recall"])
    print(f"step {state['step']}, {state['step'] * state['settings']['batch']} clips")
    for row in rows:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    if arguments.out:
        (arguments.out / "evaluation.json").write_text(json.dumps({"step": state["step"], "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
