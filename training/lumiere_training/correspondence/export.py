"""Export the key encoder as one ONNX graph with what a program needs to know to use it.

    python -m lumiere_training.correspondence.export --checkpoint out/keys/half/checkpoint --pictures out/style/pictures --out out/keys/pack

Writes `keys.onnx` (pictures [N, 3, H, W] 0..1 -> keys [N, 64, H/8, W/8]) and `keys.json`. Fails
unless ONNX Runtime and PyTorch agree within 1e-3, at two sizes. A model pack is made of it once it
follows masks better than the tracker without a network (docs/quality.md).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .. import run_state, store
from ..export import TOLERANCE, round_to_half, run_graph
from ..flow_matching import Average
from ..onnx_files import store_half
from ..settings import mix
from ..stunet import count_parameters
from ..style.pictures import Pictures
from .network import KEY, STRIDE, KeyEncoder, macs_per_cell
from .scenes import render

OPSET = 17


@torch.no_grad()
def averaged(network: KeyEncoder, values: dict[str, Tensor], pictures: Pictures, seed: int, size: int, batches: int = 20) -> KeyEncoder:
    """The averaged weights, with the statistics of normalisation measured anew for them."""
    average = Average(network)
    average.values = values
    average.copy_to(network)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # a plain mean over all batches
    network.train()
    for batch in range(batches):
        pair = render(pictures, 8, size, torch.Generator().manual_seed(mix(seed, 7, batch)))
        network(torch.cat([pair.first, pair.second]))
    return network.eval()


def load_network(checkpoint: Path, pictures: Pictures) -> tuple[KeyEncoder, dict]:
    """The averaged network of a checkpoint (train.py), and its state."""
    tensors, state = store.load(checkpoint)
    settings = state["settings"]
    network = KeyEncoder(settings["variant"])
    weights = {k: v.float() for k, v in tensors.items()}
    network.load_state_dict(run_state.starting_with("model.", weights))
    averages = run_state.starting_with("average.", weights)
    return averaged(network, averages, pictures, settings["seed"], settings["size"]), state


def export_graph(network: KeyEncoder, out: Path) -> float:
    """Write `keys.onnx`; returns the largest difference to PyTorch."""
    network.eval().float()
    round_to_half(network)
    target, worst = out / "keys.onnx", 0.0
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            network,
            (torch.rand(1, 3, 64, 96),),
            str(plain),
            input_names=["pictures"],
            output_names=["keys"],
            dynamic_axes={name: {0: "count", 2: "height", 3: "width"} for name in ("pictures", "keys")},
            opset_version=OPSET,
            do_constant_folding=True,
            dynamo=False,
        )
        store_half(plain, target)
        for shape in ((1, 3, 64, 96), (2, 3, 120, 72)):
            pictures = torch.rand(shape, generator=torch.Generator().manual_seed(shape[2]))
            got = run_graph(target, {"pictures": pictures.numpy()})[0]
            worst = max(worst, float(np.abs(got - network(pictures).numpy()).max()))
    if not worst < TOLERANCE:
        raise RuntimeError(f"ONNX Runtime and PyTorch differ by {worst:.2e}, more than {TOLERANCE}")
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, default=Path("out/style/pictures"))
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    network, state = load_network(arguments.checkpoint, Pictures(arguments.pictures))
    difference = export_graph(network, arguments.out)
    variant = state["settings"]["variant"]
    about = {
        "stride": STRIDE,
        "keySize": KEY,
        "temperature": round(network.temperature.item(), 5),
        "parameters": count_parameters(network),
        "macsPerCell": macs_per_cell(variant),
        "steps": state["step"],
        "pairs": state["step"] * state["settings"]["batch"],
        "parity": difference,
    }
    (arguments.out / "keys.json").write_text(json.dumps(about, indent=2) + "\n")
    print(about)


if __name__ == "__main__":
    main()
