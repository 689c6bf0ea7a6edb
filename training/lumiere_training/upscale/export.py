"""Export an upscaler as a model pack: a graph for each factor, `lumiere-pack.json`, model card.

    python -m lumiere_training.upscale.export --checkpoint out/upscale/full/checkpoint --out ../resources/model-packs/lumiere-upscale --id lumiere-upscale
    python -m lumiere_training.upscale.export --random tiny --out ../tests/fixtures/packs/tiny-upscale --id tiny-upscale

The export fails unless ONNX Runtime and PyTorch agree within 1e-3, at two sizes.
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
from .card import REMARK, model_card
from .network import FACTORS, Upscaler, macs_per_pixel

OPSET = 17
# The format that knows packs without a text encoder.
FORMAT_VERSION = 2


class By(nn.Module):
    """pictures [N, 3, H, W] 0..1 -> enlarged [N, 3, factor H, factor W], clamped."""

    def __init__(self, network: Upscaler, factor: int) -> None:
        super().__init__()
        self.network, self.factor = network, factor

    def forward(self, pictures: Tensor) -> Tensor:
        return self.network(pictures, self.factor).clamp(0, 1)


def _write(module: nn.Module, pictures: Tensor, target: Path) -> list[Path]:
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            module,
            (pictures,),
            str(plain),
            input_names=["pictures"],
            output_names=["enlarged"],
            dynamic_axes={name: {0: "count", 2: "height", 3: "width"} for name in ("pictures", "enlarged")},
            opset_version=OPSET,
            do_constant_folding=True,
            dynamo=False,
        )
        return store_half(plain, target)


def export_graphs(network: Upscaler, out: Path) -> tuple[dict, dict[str, float]]:
    """Write the graphs; returns the manifest's components and the largest differences to PyTorch."""
    network.eval().float()
    round_to_half(network)
    dice = torch.Generator().manual_seed(0)
    components, differences = {}, {}
    with torch.no_grad():
        for factor in FACTORS:
            name, module = f"by{factor}", By(network, factor)
            file = out / f"by_{factor}.onnx"
            for case, shape in enumerate(((1, 3, 32, 48), (2, 3, 40, 22))):  # nothing may be baked in
                pictures = torch.rand(shape, generator=dice)
                if case == 0:
                    components[name] = describe_component(file, _write(module, pictures, file))
                got = run_graph(file, {"pictures": pictures.numpy()})[0]
                difference = float(np.abs(got - module(pictures).numpy()).max())
                differences[name] = max(differences.get(name, 0.0), difference)
    for name, value in differences.items():
        if not value < TOLERANCE:
            raise RuntimeError(f"{name}: ONNX Runtime and PyTorch differ by {value:.2e}, more than {TOLERANCE}")
    return components, differences


def export_pack(
    network: Upscaler, variant: str, out: Path, pack_id: str, version: str = "0.1.0", trained: dict | None = None, metrics: dict | None = None
) -> dict:
    """Write the whole pack into `out` and return its manifest."""
    out.mkdir(parents=True, exist_ok=True)
    components, differences = export_graphs(network, out)
    data = {
        "format": "lumiere-pack",
        "formatVersion": FORMAT_VERSION,
        "kind": "upscale",
        "id": pack_id,
        "version": version,
        "name": "Lumière upscale",
        "licence": "Apache-2.0",
        "card": "MODEL_CARD.md",
        "capabilities": ["upscale"],
        "components": components,
        "languages": [],
        "training": {
            "steps": 0,
            "minutes": 0.0,
            **(trained or {}),
            "parameters": count_parameters(network),
            "macsPerPixel": {f"by{factor}": round(macs_per_pixel(variant, factor)) for factor in FACTORS},
            "parity": differences,
        },
        **({"remark": REMARK} if trained else {}),
    }
    (out / "lumiere-pack.json").write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "MODEL_CARD.md").write_text(model_card(data, metrics or {}), encoding="utf-8")
    return data


def random_network(variant: str) -> Upscaler:
    """Untrained, but not Lanczos alone: what it adds is there to be seen."""
    torch.manual_seed(0)
    network = Upscaler(variant)
    for tail in network.tails.values():
        nn.init.normal_(tail.weight, std=0.02)
    return network


def load_network(checkpoint: Path) -> tuple[Upscaler, str, dict]:
    """The averaged network of a checkpoint (train.py), its variant, and what the card says of the run."""
    tensors, state = store.load(checkpoint)
    settings = state["settings"]
    network = Upscaler(settings["variant"])
    network.load_state_dict({k: v.float() for k, v in run_state.starting_with("average.", tensors).items()})
    trained = {"steps": state["step"], "minutes": round(state["elapsed"] / 60, 1), "settings": settings}
    return network, settings["variant"], trained


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=Path)
    source.add_argument("--random", choices=("tiny", "full"), help="untrained weights: fixtures and speed tests")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--id", required=True)
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument("--metrics", type=Path, help="JSON that evaluate.py wrote, for the card")
    arguments = parser.parse_args()
    if arguments.checkpoint:
        network, variant, trained = load_network(arguments.checkpoint)
    else:
        network, variant, trained = random_network(arguments.random), arguments.random, None
    metrics = json.loads(arguments.metrics.read_text()) if arguments.metrics else {}
    data = export_pack(network, variant, arguments.out, arguments.id, arguments.version, trained, metrics)
    total = sum(path.stat().st_size for path in arguments.out.iterdir())
    print(f"{arguments.out}: {total / 1024:.0f} KiB, parity {data['training']['parity']}")


if __name__ == "__main__":
    main()
