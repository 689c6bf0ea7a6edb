"""Judge an upscale pack as users get it, by ONNX Runtime, beside Lanczos and bicubic.

    python -m lumiere_training.upscale.evaluate --pack ../resources/model-packs/lumiere-upscale --media ../../shared/media \\
        --world ../resources/model-packs/lumiere-world-m --out out/upscale/judged

Photographs, clips and combinations of attributes that training never saw: photographs and frames of clips shrunk by area;
scenes drawn at 512 and shrunk; scenes as the world model gives them back at 64, beside their truth at 256. Writes
`metrics.json` (for export.py --metrics), `table.md`, and `sheet.png` of drawn scenes alone.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from ..settings import mix
from ..style.pictures import HELD_OUT_CLIPS
from ..world.render import draw_labels, render
from .made import Remaker
from .network import enlarge_lanczos, steps_to
from .pictures import HELD_OUT_PHOTOS, decoded, frames_of

Enlarger = Callable[[Tensor, int], Tensor]
Scenes = Iterator[tuple[Tensor, Tensor]]  # small, large: [T, 3, ...] 0..1, consecutive frames


class Pack:
    """The graphs of a pack, as a processor runs them: in whole numbers where it has them so."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        options.intra_op_num_threads = threads
        load = lambda file: onnxruntime.InferenceSession(str(folder / file), options, providers=["CPUExecutionProvider"])  # noqa: E731
        components = json.loads((folder / "lumiere-pack.json").read_text(encoding="utf-8"))["components"]
        two = components.get("processorBy2", components["by2"])
        self.sessions = {2: load(two["file"]), 4: load(components["by4"]["file"])}

    def __call__(self, pictures: Tensor, factor: int) -> Tensor:
        for step in steps_to(factor):
            rows = [self.sessions[step].run(None, {"pictures": row[None].numpy()})[0] for row in pictures]
            pictures = torch.from_numpy(np.concatenate(rows))
        return pictures


def bicubic(pictures: Tensor, factor: int) -> Tensor:
    return functional.interpolate(pictures, scale_factor=factor, mode="bicubic", align_corners=False)


def psnr(made: Tensor, wanted: Tensor) -> float:
    return -10 * torch.log10((made - wanted).square().mean().clamp(min=1e-9)).item()


def ssim(made: Tensor, wanted: Tensor) -> float:
    """Structural similarity of brightness (Wang et al., 2004): a Gaussian of 1.5 pixels over 11x11."""
    line = torch.exp(-0.5 * (torch.arange(-5.0, 6.0) / 1.5) ** 2)
    window = (line[:, None] * line[None, :] / line.sum() ** 2)[None, None]
    light = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
    a, b = ((picture * light).sum(1, keepdim=True) for picture in (made, wanted))
    mean = lambda x: functional.conv2d(x, window)  # noqa: E731
    ma, mb = mean(a), mean(b)
    va, vb, both = mean(a * a) - ma * ma, mean(b * b) - mb * mb, mean(a * b) - ma * mb
    return (((2 * ma * mb + 1e-4) * (2 * both + 9e-4)) / ((ma * ma + mb * mb + 1e-4) * (va + vb + 9e-4))).mean().item()


def steps_of(pictures: Tensor) -> Tensor:
    """Differences from pixel to pixel, both ways."""
    return torch.stack([pictures[..., 1:, :-1] - pictures[..., :-1, :-1], pictures[..., :-1, 1:] - pictures[..., :-1, :-1]])


def compare(made: Tensor, wanted: Tensor) -> dict[str, float]:
    """Measures of consecutive frames [T, 3, H, W]; the levels are of 255."""
    edges, true = steps_of(made), steps_of(wanted)
    found = {
        "psnr": float(np.mean([psnr(a, b) for a, b in zip(made, wanted)])),
        "ssim": ssim(made, wanted),
        "gradient": (edges.abs().mean() / true.abs().mean().clamp(min=1e-6)).item(),
        "gradientError": 255 * (edges - true).abs().mean().item(),
    }
    if len(made) > 1:
        found["flicker"] = 255 * (made.diff(dim=0) - wanted.diff(dim=0)).abs().mean().item()
    return found


def shrunk(large: Tensor, factor: int) -> tuple[Tensor, Tensor]:
    """Cut to whole steps, shrunk by area, rounded to bytes: small and large."""
    height, width = (side // (2 * factor) * 2 * factor for side in large.shape[2:])
    large = large[:, :, :height, :width].float() / 255
    return (functional.avg_pool2d(large, factor) * 255).round() / 255, large


def photographs(media: Path, factor: int) -> Scenes:
    for path in HELD_OUT_PHOTOS:
        yield shrunk(decoded((media / path).read_bytes())[None], factor)


def clips(media: Path, factor: int, frames: int) -> Scenes:
    for path in HELD_OUT_CLIPS:
        found = frames_of(media / path, frames, whole=False)
        if found:
            yield shrunk(torch.stack(found), factor)


def drawn(count: int, factor: int, frames: int) -> Scenes:
    labels = draw_labels(count, 7701, held_out=True)
    for k in range(count):
        one = {name: values[k : k + 1] for name, values in labels.items()}
        yield shrunk(render(one, frames, 512, frames / 16, mix(7702, k)).video[0], factor)


def remade(world: Path, count: int, frames: int) -> Scenes:
    remaker = Remaker(world)
    for k in range(count):
        small, large = (part.float() / 255 for part in remaker.pair(mix(7703, k), held_out=True))
        first = (len(small) - frames) // 2
        yield small[first : first + frames], large[first : first + frames]


def judge(scenes: Scenes, factor: int, ways: dict[str, Enlarger]) -> dict[str, dict[str, float]]:
    """Mean of every measure by way; `wins` counts scenes with a higher PSNR than Lanczos."""
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for small, large in scenes:
        for name, way in ways.items():
            rows[name].append(compare((way(small, factor).clamp(0, 1) * 255).round() / 255, large))
    table = {
        name: {key: float(np.mean([row[key] for row in found])) for key in found[0]} for name, found in rows.items() if found
    }
    for name, found in rows.items():
        if found:
            table[name]["wins"] = sum(a["psnr"] > b["psnr"] for a, b in zip(found, rows["Lanczos"]))
            table[name]["scenes"] = len(found)
    return table


def seconds_a_frame(pack: Pack, side: int, factor: int, repeats: int = 10) -> float:
    picture = torch.rand(1, 3, side, side)
    pack(picture, factor)
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        pack(picture, factor)
        times.append(time.perf_counter() - started)
    return float(np.median(times))


def sheet(ways: dict[str, Enlarger], world: Path, path: Path) -> None:
    """Drawn scenes as the world model gives them back: nearest, Lanczos, the pack, and the truth; from 64 to 256."""
    rows = []
    for small, large in remade(world, 5, 1):
        near = functional.interpolate(small, scale_factor=4, mode="nearest")
        rows.append(torch.cat([near, ways["Lanczos"](small, 4), ways["pack"](small, 4), large], 3)[0].clamp(0, 1))
    for small, large in list(drawn(3, 4, 1)):
        parts = [
            functional.interpolate(small, scale_factor=4, mode="nearest"),
            ways["Lanczos"](small, 4),
            ways["pack"](small, 4),
            large,
        ]
        rows.append(torch.cat([part[:, :, 128:384, 128:384] for part in parts], 3)[0].clamp(0, 1))
    picture = torch.cat(rows, 1)
    Image.fromarray((picture.permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)).save(path)


def as_table(results: dict[str, dict[str, dict[str, float]]]) -> str:
    lines = [
        "| pictures | way | PSNR | SSIM | gradient, of the truth's | gradient error | flicker | better than Lanczos |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for scenes, table in results.items():
        for way, row in table.items():
            flicker = f"{row['flicker']:.2f}" if "flicker" in row else ""
            lines.append(
                f"| {scenes} | {way} | {row['psnr']:.2f} | {row['ssim']:.4f} | {row['gradient']:.2f} | {row['gradientError']:.2f} | {flicker} "
                f"| {row['wins']:.0f} of {row['scenes']:.0f} |"
            )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--media", type=Path, required=True, help="the folder that holds train/ and demo/")
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scenes", type=int, default=16)
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    pack = Pack(arguments.pack, arguments.threads)
    ways: dict[str, Enlarger] = {"bicubic": bicubic, "Lanczos": enlarge_lanczos, "pack": pack}
    media, frames = arguments.media, arguments.frames
    sets: dict[str, tuple[Scenes, int]] = {
        "photographs, 4x": (photographs(media, 4), 4),
        "photographs, 8x": (photographs(media, 8), 8),
        "drawn scenes, 128 to 512": (drawn(arguments.scenes, 4, frames), 4),
        "drawn scenes, 64 to 512": (drawn(arguments.scenes, 8, frames), 8),
        "scenes from the world model, 64 to 256": (remade(arguments.world, arguments.scenes, frames), 4),
        "filmed clips, 4x": (clips(media, 4, frames), 4),
    }
    results = {}
    for name, (scenes, factor) in sets.items():
        table = judge(scenes, factor, ways)
        if table:
            results[name] = table
            print(as_table({name: table}), flush=True)
    speed = {f"{side} to {side * factor}": seconds_a_frame(pack, side, factor) for side, factor in ((128, 4), (64, 8))}
    print({name: round(value, 3) for name, value in speed.items()})
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "table.md").write_text(as_table(results))
    metrics = {}
    for name, table in results.items():
        ours, plain = table["pack"], table["Lanczos"]
        metrics[f"{name}: PSNR, dB"] = f"{ours['psnr']:.2f} ({plain['psnr']:.2f})"
        metrics[f"{name}: SSIM"] = f"{ours['ssim']:.4f} ({plain['ssim']:.4f})"
        if "flicker" in ours:
            metrics[f"{name}: error of the change from frame to frame, levels"] = (
                f"{ours['flicker']:.2f} ({plain['flicker']:.2f})"
            )
    for name, value in speed.items():
        metrics[f"seconds a frame, {name}, {arguments.threads} cores"] = f"{value:.2f}"
    (arguments.out / "metrics.json").write_text(json.dumps(metrics, indent=1))
    (arguments.out / "results.json").write_text(json.dumps({"tables": results, "seconds": speed}, indent=1))
    sheet(ways, arguments.world, arguments.out / "sheet.png")


if __name__ == "__main__":
    main()
