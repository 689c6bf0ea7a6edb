"""Add a reranker to a pack that makes clips: `reranker.onnx`, named in the manifest.

    python -m lumiere_training.reranker.export --checkpoint checkpoints/reranker --pack ../resources/model-packs/lumiere-world-m --version 0.4.0
    python -m lumiere_training.reranker.export --random tiny --pack ../tests/fixtures/packs/tiny --version 0.1.0   # test fixture

Fails unless ONNX Runtime and PyTorch agree within 1e-3, and unless the pack reads the same vocabulary.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import torch

from ..export import TOLERANCE, round_to_half, run_graph
from ..onnx_files import store_half
from ..packs import add_graph, pack_facts
from ..tokenizer import MAX_TOKENS, Tokenizer
from .networks import FRAMES, SIZE, TINY, Reranker
from .train import load_reranker

OPSET = 17
NAMES, OUTPUT = ["tokens", "clip"], "agreement"


def export_reranker(reranker: Reranker, pieces: list[str], pack: Path, version: str, facts: dict | None = None) -> dict:
    """Write the graph into `pack` and return its manifest. Raises ValueError for another vocabulary, RuntimeError for
    other numbers than PyTorch's; the pack then stays as it was."""
    data = pack_facts(pack)
    if (pack / data["vocabulary"]["file"]).read_text(encoding="utf-8").splitlines() != pieces:
        raise ValueError(f"{pack} reads another vocabulary than the reranker: train one for it")
    reranker.eval().float()
    round_to_half(reranker)
    for buffer in reranker.buffers():
        buffer.copy_(buffer.half().float())
    generator = torch.Generator().manual_seed(0)
    tokenizer = Tokenizer(pieces)
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        plain, target = Path(folder) / "plain.onnx", Path(folder) / "reranker.onnx"
        worst, parts = 0.0, []
        for prompt in ("a red ball moving fast to the right", "due pesci verdi, acquerello"):  # nothing may be baked in
            tokens = tokenizer.batch([prompt])
            assert tokens.shape == (1, MAX_TOKENS)
            clip = torch.rand(1, FRAMES, 3, SIZE, SIZE, generator=generator)
            if not parts:
                torch.onnx.export(
                    reranker,
                    (tokens, clip),
                    str(plain),
                    input_names=NAMES,
                    output_names=[OUTPUT],
                    opset_version=OPSET,
                    do_constant_folding=False,
                    dynamo=False,
                )
                parts = store_half(plain, target)
            got = run_graph(target, {"tokens": tokens.numpy(), "clip": clip.numpy()})[0]
            worst = max(worst, float(np.abs(got - reranker(tokens, clip).numpy()).max()))
        if not worst < TOLERANCE:
            raise RuntimeError(f"reranker: ONNX Runtime and PyTorch differ by {worst:.2e}, more than {TOLERANCE}")
        said = "network compares the beginnings of a clip with the prompt, in the attributes of the same world, and knows nothing else"
        about = {"reranker": {**(facts or {}), "parity": worst}}
        return add_graph(pack, "reranker", target, parts, version, ("A second", said), about)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=Path, help="what reranker.train wrote")
    source.add_argument("--random", choices=("tiny",), help="untrained: fixtures")
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--version", required=True, help="of the pack from now on: what it makes changes")
    arguments = parser.parse_args()
    if arguments.checkpoint:
        reranker, state = load_reranker(arguments.checkpoint)
        pieces, facts = state["vocabulary"], state["facts"]
    else:
        torch.manual_seed(0)
        pieces = Tokenizer().pieces
        reranker, facts = Reranker(len(pieces), **TINY), {}
    data = export_reranker(reranker, pieces, arguments.pack, arguments.version, facts)
    print(f"{arguments.pack} {data['version']}: {data['training']['reranker']}")


if __name__ == "__main__":
    main()
