"""The upscaler's trunk by two in whole numbers, for processors: quantise.py's method (ADR 0029).

    python -m lumiere_training.upscale.quantise --pack ../resources/model-packs/lumiere-upscale \\
        --world ../resources/model-packs/lumiere-world-m --version 0.3.0

What the network adds to Lanczos is small there, and so is an error of a hundredth of it. By four it is larger, and is a
fifth of the time of an enlargement by eight: that graph stays as it is. Writes `by_2.int8.onnx` and names it in the
manifest.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..evaluate import generate_clips
from ..packs import PackNetwork, add_graph, pack_facts
from ..quantise import STEPS, quantise_graph
from ..tokenizer import Tokenizer
from ..world import draw_labels, render
from ..world.captions import captions
from .evaluate import Pack

# What reads the picture, writes it, or is the Lanczos enlargement itself.
EXACT = re.compile(r"/network/((stems|tails)\..*/)?Conv")
FRAMES = slice(None, None, 10)  # of a clip, that ranges are measured on
MOST = 0.001  # root mean square over inputs that ranges were not measured on, of 1: a quarter of a level


def small_pictures(world: Path, count: int, seed: int, threads: int) -> Tensor:
    """Pictures 0..1 [N, 3, H, W] of the world pack's size: of `count` rendered clips and of half as many that it makes."""
    facts = pack_facts(world)
    frames, size, seconds = facts["frames"], facts["width"], facts["seconds"]
    labels = draw_labels(count, seed)
    drawn = render(labels, frames, size, seconds, seed + 1, "cpu").video[:, FRAMES]
    words = (world / facts["vocabulary"]["file"]).read_text(encoding="utf-8").splitlines()
    texts = captions(labels, seed, "en", keep=1.0)[: count // 2]
    options = dict(steps=STEPS, guidance=2.0, shift=facts["scheduler"]["shift"], batch=1, device="cpu", seed=seed)
    network = PackNetwork(world, threads)
    made = generate_clips(network, Tokenizer(words), texts, frames, size, seconds, **options)[:, FRAMES]  # type: ignore[arg-type]
    return torch.cat([drawn.flatten(0, 1), made.flatten(0, 1)]).float() / 255


def quantise_pack(pack: Path, world: Path, version: str, count: int = 8, threads: int = 1) -> dict:
    """Add the graph in whole numbers to an upscale pack, and return its manifest.

    Raises RuntimeError where what it makes of fresh pictures differs by more than `MOST`; the pack stays as it was.
    """
    by, source = Pack(pack, threads), pack / pack_facts(pack)["components"]["by2"]["file"]
    # By two goes on from what by four has made.
    pictures, fresh = (
        by(small_pictures(world, n, seed, threads)[::3], 4) for n, seed in ((count, 11), (max(count // 2, 2), 977))
    )
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "by_2.int8.onnx"
        parts = quantise_graph(source, target, [{"pictures": picture[None].numpy()} for picture in pictures], EXACT)
        differs = difference(source, target, fresh, threads)
        if not differs < MOST:
            raise RuntimeError(f"whole numbers change pictures by {differs:.5f}, more than {MOST}")
        said = f"most convolutions of `by2` run in eight-bit whole numbers: pictures differ by {255 * differs:.2f} levels"
        facts = {"processorDifference": round(differs, 6)}
        return add_graph(pack, "processorBy2", target, parts, version, ("On a processor", said), facts)


def difference(a: Path, b: Path, pictures: Tensor, threads: int) -> float:
    """Root mean square, of 1, between what two graphs make of pictures."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level, options.intra_op_num_threads = 3, threads
    first, second = (onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]) for path in (a, b))
    squares = []
    for picture in pictures:
        feeds = {"pictures": picture[None].numpy()}
        squares.append(np.mean((first.run(None, feeds)[0] - second.run(None, feeds)[0]) ** 2))
    return float(np.sqrt(np.mean(squares)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--world", type=Path, required=True, help="the pack whose clips are enlarged")
    parser.add_argument("--version", required=True)
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    data = quantise_pack(arguments.pack, arguments.world, arguments.version, arguments.count, arguments.threads)
    print(f"{arguments.pack}: {255 * data['training']['processorDifference']:.3f} levels")


if __name__ == "__main__":
    main()
