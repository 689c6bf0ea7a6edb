"""Export a checkpoint as a model pack: ONNX graphs, vocabulary, manifest, model card.

    python -m lumiere_training.export --checkpoint out/m1/portable --out out/packs/lumiere-world-m --id lumiere-world-m
    python -m lumiere_training.export --random tiny --frames 8 --size 32 --out out/packs/tiny --id tiny   # test fixture

The export fails unless ONNX Runtime and PyTorch agree within 1e-3 on random input.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .card import model_card
from .flow_matching import mean_to_shift
from .model import Lumiere, build_model
from .onnx_files import describe_component, sha256, store_half
from .settings import Settings
from .tokenizer import MAX_TOKENS, Tokenizer
from .trainer import load_averaged

TOLERANCE = 1e-3
OPSET = 17
FPS = 16
GUIDANCE, STEPS = 2.0, 20


def round_to_half(model: nn.Module) -> None:
    """Weights become what the files will hold, so that parity is of the graph, not of rounding."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.numel() >= 256:
                parameter.copy_(parameter.half().float())


def _write(module: nn.Module, inputs: tuple[Tensor, ...], names: list[str], outputs: list[str], target: Path) -> list[Path]:
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        # The TorchScript exporter needs no package but onnx, and keeps GroupNorm in its fast form
        # (Reshape - InstanceNormalization - Reshape - Mul - Add).
        torch.onnx.export(
            module,
            inputs,
            str(plain),
            input_names=names,
            output_names=outputs,
            opset_version=OPSET,
            do_constant_folding=False,  # weights keep their names: packs.py reads them back
            dynamo=False,
        )
        return store_half(plain, target)


def run_graph(path: Path, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]).run(None, feeds)


def export_graphs(model: Lumiere, out: Path, frames: int, size: int, seconds: float) -> tuple[dict, dict[str, float]]:
    """Write both graphs; returns the manifest's components and the largest differences to PyTorch."""
    model.eval().float().to(memory_format=torch.contiguous_format)
    round_to_half(model)
    tokens = torch.zeros(1, MAX_TOKENS, dtype=torch.int64)
    tokens[0, :6] = torch.tensor([2, 7, 9, 20, 31, 5])
    generator = torch.Generator().manual_seed(0)
    sample = torch.randn(1, frames, 7, size, size, generator=generator)
    with torch.no_grad():
        text, mask = model.text(tokens)
        inputs = (sample, torch.tensor([0.7]), torch.tensor([seconds]), text, mask)
        text_parts = _write(model.text, (tokens,), ["tokens"], ["text", "text_mask"], out / "text_encoder.onnx")
        names = ["sample", "timestep", "seconds", "text", "text_mask"]
        unet_parts = _write(model.unet, inputs, names, ["velocity"], out / "unet.onnx")
        differences = {"textEncoder": 0.0, "unet": 0.0}
        for case in range(2):  # the example, then other input: nothing may be baked in
            if case:
                tokens[0, :3] = torch.tensor([2, 40, 0])
                tokens[0, 3:] = 0
                sample = torch.randn(1, frames, 7, size, size, generator=generator)
                text, mask = model.text(tokens)
                inputs = (sample, torch.tensor([0.2]), torch.tensor([seconds * 0.8]), text, mask)
            expected = model.unet(*inputs)
            got_text, got_mask = run_graph(out / "text_encoder.onnx", {"tokens": tokens.numpy()})
            got = run_graph(out / "unet.onnx", dict(zip(names, (value.numpy() for value in inputs))))[0]
            differences["textEncoder"] = max(
                differences["textEncoder"],
                float(np.abs(got_text - text.numpy()).max()),
                float(np.abs(got_mask - mask.numpy()).max()),
            )
            differences["unet"] = max(differences["unet"], float(np.abs(got - expected.numpy()).max()))
    for name, value in differences.items():
        if not value < TOLERANCE:
            raise RuntimeError(f"{name}: ONNX Runtime and PyTorch differ by {value:.2e}, more than {TOLERANCE}")
    components = {
        "textEncoder": describe_component(out / "text_encoder.onnx", text_parts),
        "unet": describe_component(out / "unet.onnx", unet_parts),
    }
    return components, differences


def manifest(
    pack_id: str,
    version: str,
    settings: Settings,
    components: dict,
    vocabulary: Path,
    frames: int,
    size: int,
    seconds: float,
    trained: dict,
) -> dict:
    """lumiere-pack.json as the app reads it."""
    return {
        "format": "lumiere-pack",
        "formatVersion": 1,
        "id": pack_id,
        "version": version,
        "name": f"Lumière world model {settings.variant}",
        "licence": "Apache-2.0",
        "card": "MODEL_CARD.md",
        "capabilities": ["generate", "animate", "inpaint", "stylize", "text-encode"],
        "components": components,
        "scheduler": {
            "type": "rectified-flow",
            "prediction": "velocity",
            "solver": "euler",
            "steps": STEPS,
            "shift": round(mean_to_shift(settings.stages[-1].time_mean), 6) if settings.stages else 1.0,
            "guidanceScale": GUIDANCE,
        },
        "frames": frames,
        "fps": round(frames / seconds, 6),
        "seconds": seconds,
        "width": size,
        "height": size,
        "sizeMultiple": 16,
        "sample": {
            "layout": "NTCHW",
            "channels": ["noisy-r", "noisy-g", "noisy-b", "mask", "given-r", "given-g", "given-b"],
            "range": [-1, 1],
            "mask": "1 = given, 0 = to be made",
        },
        "vocabulary": {
            "file": vocabulary.name,
            "sha256": sha256(vocabulary),
            "bytes": vocabulary.stat().st_size,
            "maxTokens": MAX_TOKENS,
            "padding": 0,
            "unknown": 1,
            "begin": 2,
        },
        "languages": ["en", "it"],
        "training": trained,
    }


def export_pack(
    model: Lumiere,
    settings: Settings,
    pieces: list[str],
    out: Path,
    pack_id: str,
    version: str = "0.1.0",
    frames: int = 80,
    size: int = 128,
    seconds: float = 5.0,
    trained: dict | None = None,
    metrics: dict | None = None,
    shift: float = 0.0,
    limits: list[str] | None = None,
    remark: list[str] | None = None,
) -> dict:
    """Write the whole pack into `out` and return its manifest."""
    out.mkdir(parents=True, exist_ok=True)
    components, differences = export_graphs(model, out, frames, size, seconds)
    vocabulary = out / "vocabulary.txt"
    vocabulary.write_text("\n".join(pieces) + "\n", encoding="utf-8")
    data = manifest(
        pack_id,
        version,
        settings,
        components,
        vocabulary,
        frames,
        size,
        seconds,
        {"steps": 0, "minutes": 0.0, **(trained or {}), "parity": differences},
    )
    if remark:
        data["remark"] = {"en": remark[0], "it": remark[1]}
    if shift:
        data["scheduler"]["shift"] = shift
    (out / "lumiere-pack.json").write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "MODEL_CARD.md").write_text(model_card(data, settings, metrics or {}, limits or []), encoding="utf-8")
    return data


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=Path, help="a portable checkpoint")
    source.add_argument("--random", choices=("tiny", "S", "M", "large"), help="untrained weights: fixtures and speed tests")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--id", required=True)
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument("--frames", type=int, default=80)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--metrics", type=Path, default=None, help="JSON of evaluate.py for the model card")
    parser.add_argument("--shift", type=float, default=0.0, help="of the sampling times; 0: what training's time mean asks for")
    parser.add_argument("--computer", default="", help="for the card: what it was trained on")
    parser.add_argument("--remark", nargs=2, metavar=("EN", "IT"), help="what the app says wherever the pack is chosen")
    parser.add_argument("--limit", action="append", default=[], help="for the card: what this model cannot do yet; repeatable")
    arguments = parser.parse_args()
    if arguments.checkpoint:
        model, settings, state = load_averaged(arguments.checkpoint)
        pieces = state["vocabulary"]
        trained = {"steps": state["step"], "minutes": round(state["elapsed"] / 60, 2), "settings": settings.to_json()}
        if arguments.computer:
            trained["computer"] = arguments.computer
    else:
        torch.manual_seed(0)
        model, settings, trained = build_model(arguments.random), Settings(variant=arguments.random), {"steps": 0, "minutes": 0.0}
        pieces = Tokenizer().pieces
    metrics = json.loads(arguments.metrics.read_text()) if arguments.metrics else {}
    data = export_pack(
        model,
        settings,
        pieces,
        arguments.out,
        arguments.id,
        arguments.version,
        arguments.frames,
        arguments.size,
        arguments.seconds,
        trained,
        metrics,
        arguments.shift,
        arguments.limit,
        arguments.remark,
    )
    total = sum(path.stat().st_size for path in arguments.out.iterdir())
    print(f"{arguments.out}: {total / 2**20:.1f} MiB, parity {data['training']['parity']}")


if __name__ == "__main__":
    main()
