"""Export a style network as a model pack: three ONNX graphs, `lumiere-pack.json`, model card.

    python -m lumiere_training.style.export --checkpoint out/style/half/checkpoint --out ../resources/model-packs/lumiere-style --id lumiere-style
    python -m lumiere_training.style.export --random tiny --out ../tests/fixtures/packs/tiny-style --id tiny-style

`style_encoder` looks at the reference once; `measure` finds the statistics of frames of the whole
clip; `painter` paints a frame with both. The export fails unless ONNX Runtime and PyTorch agree
within 1e-3, at two sizes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .. import run_state, store
from ..export import TOLERANCE, round_to_half, run_graph
from ..onnx_files import describe_component, store_half
from ..stunet import count_parameters
from .card import model_card
from .network import StyleNetwork, macs_per_pixel, sizes

OPSET = 17
# The format that knows packs without a text encoder; packs of clips are still of format 1.
FORMAT_VERSION = 2
REFERENCE_SIDE = 192  # shorter side at which a reference is looked at: that of the training
MULTIPLE, MARGIN = 4, 0  # the border is mirrored inside the network


class Measure(nn.Module):
    """frames [N, 3, H, W], modulation [1, M] -> statistics over all of them [1, S]."""

    def __init__(self, network: StyleNetwork) -> None:
        super().__init__()
        self.painter = network.painter

    def forward(self, frames: Tensor, modulation: Tensor) -> Tensor:
        return self.painter(frames, modulation, pooled=True)[1]


class Paint(nn.Module):
    """frames [N, 3, H, W], modulation [1, M], statistics [1, S] -> painted [N, 3, H, W]."""

    def __init__(self, network: StyleNetwork) -> None:
        super().__init__()
        self.painter = network.painter

    def forward(self, frames: Tensor, modulation: Tensor, statistics: Tensor) -> Tensor:
        return self.painter(frames, modulation, statistics)[0]


def _write(module: nn.Module, inputs: dict[str, Tensor], output: str, target: Path) -> list[Path]:
    free = {0: "count", 2: "height", 3: "width"}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            module,
            tuple(inputs.values()),
            str(plain),
            input_names=list(inputs),
            output_names=[output],
            dynamic_axes={name: free for name in (*inputs, output) if name in ("picture", "frames", "painted")},
            opset_version=OPSET,
            do_constant_folding=True,
            dynamo=False,
        )
        return store_half(plain, target)


def export_graphs(network: StyleNetwork, out: Path) -> tuple[dict, dict[str, float]]:
    """Write the graphs; returns the manifest's components and the largest differences to PyTorch."""
    network.eval().float()
    round_to_half(network)
    dice = torch.Generator().manual_seed(0)
    differences: dict[str, float] = {}
    components: dict[str, dict] = {}
    with torch.no_grad():
        for case, (height, width, count) in enumerate(((48, 64, 2), (40, 88, 3))):  # nothing may be baked in
            picture = torch.rand(1, 3, height, width, generator=dice)
            frames = torch.rand(count, 3, width, height, generator=dice)
            modulation = network.style(picture)
            statistics = Measure(network)(frames, modulation)
            for name, module, inputs, output in (
                ("styleEncoder", network.style, {"picture": picture}, "modulation"),
                ("measure", Measure(network), {"frames": frames, "modulation": modulation}, "statistics"),
                ("painter", Paint(network), {"frames": frames, "modulation": modulation, "statistics": statistics}, "painted"),
            ):
                file = out / f"{'style_encoder' if name == 'styleEncoder' else name}.onnx"
                if case == 0:
                    components[name] = describe_component(file, _write(module, inputs, output, file))
                got = run_graph(file, {key: value.numpy() for key, value in inputs.items()})[0]
                difference = float(np.abs(got - module(*inputs.values()).numpy()).max())
                differences[name] = max(differences.get(name, 0.0), difference)
    for name, value in differences.items():
        if not value < TOLERANCE:
            raise RuntimeError(f"{name}: ONNX Runtime and PyTorch differ by {value:.2e}, more than {TOLERANCE}")
    return components, differences


def export_pack(
    network: StyleNetwork, variant: str, out: Path, pack_id: str, version: str = "0.1.0", trained: dict | None = None, metrics: dict | None = None
) -> dict:
    """Write the whole pack into `out` and return its manifest."""
    out.mkdir(parents=True, exist_ok=True)
    components, differences = export_graphs(network, out)
    modulation, statistics = sizes(variant)
    data = {
        "format": "lumiere-pack",
        "formatVersion": FORMAT_VERSION,
        "kind": "style",
        "id": pack_id,
        "version": version,
        "name": "Lumière style",
        "licence": "Apache-2.0",
        "card": "MODEL_CARD.md",
        "capabilities": ["stylize"],
        "components": components,
        "style": {
            "referenceSide": REFERENCE_SIDE,
            "sizeMultiple": MULTIPLE,
            "margin": MARGIN,
            "modulation": modulation,
            "statistics": statistics,
        },
        "languages": [],
        "training": {
            "steps": 0,
            "minutes": 0.0,
            **(trained or {}),
            "parameters": count_parameters(network),
            "macsPerPixel": round(macs_per_pixel(variant)),
            "parity": differences,
        },
    }
    (out / "lumiere-pack.json").write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "MODEL_CARD.md").write_text(model_card(data, metrics or {}), encoding="utf-8")
    return data


def load_network(checkpoint: Path) -> tuple[StyleNetwork, str, dict]:
    """The averaged network of a checkpoint (train.py), its variant, and what the card says of the run."""
    tensors, state = store.load(checkpoint)
    settings = state["settings"]
    network = StyleNetwork(settings["variant"])
    network.load_state_dict({k: v.float() for k, v in run_state.starting_with("average.", tensors).items()})
    trained = {"steps": state["step"], "samples": state["samples"], "minutes": round(state["elapsed"] / 60, 1), "settings": settings}
    return network, settings["variant"], trained


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=Path)
    source.add_argument("--random", choices=("tiny", "half", "full"), help="untrained weights: fixtures and speed tests")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--id", required=True)
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument("--metrics", type=Path, help="JSON that `npm run quality:style` wrote, for the card")
    arguments = parser.parse_args()
    if arguments.checkpoint:
        network, variant, trained = load_network(arguments.checkpoint)
    else:
        torch.manual_seed(0)
        network, variant, trained = StyleNetwork(arguments.random), arguments.random, None
    metrics = json.loads(arguments.metrics.read_text()) if arguments.metrics else {}
    data = export_pack(network, variant, arguments.out, arguments.id, arguments.version, trained, metrics)
    total = sum(path.stat().st_size for path in arguments.out.iterdir())
    print(f"{arguments.out}: {total / 1024:.0f} KiB, parity {data['training']['parity']}")


if __name__ == "__main__":
    main()
