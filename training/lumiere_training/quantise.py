"""The space-time network's convolutions in whole numbers, for packs that run on a processor.

    python -m lumiere_training.quantise --pack ../resources/model-packs/lumiere-world-m

Writes `unet.int8.onnx` beside the pack's graphs and names it in the manifest as `processorUnet`: the app runs it where
no accelerator runs `unet`. Static quantisation after training (Jacob et al., "Quantization and Training of Neural
Networks for Efficient Integer-Arithmetic-Only Inference", 2018): eight bits for what flows into and out of every
convolution, seven for weights, a scale for each of their channels. Seven, since processors without VNNI add two products in
sixteen bits and saturate with eight. Norms, attention and the rest stay float32, and so do the convolutions of
`EXACT` (ADR 0029 has what each costs).
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from pathlib import Path

import numpy as np
import torch

from .conditioning import draw_masks, freeze_outside, network_input
from .flow_matching import add_noise, create_schedule, generate
from .onnx_files import store_half
from .packs import PackNetwork, add_graph, pack_facts
from .tokenizer import Tokenizer
from .world import draw_labels, render
from .world.captions import captions

NAMES = ("sample", "timestep", "seconds", "text", "text_mask")
STEPS = 20
# Convolutions that stay in floating point: those that read the noisy clip, write the picture, carry what no norm has
# scaled past a block, or join frames at the finest level. They make nine tenths of the error and an eighth of the speed.
EXACT = re.compile(r"/(stem|head|smooth|.*/skip|(en|de)coder\.0\.\d+/time)/Conv")
Feeds = list[dict[str, np.ndarray]]


def pass_inputs(pack: Path, count: int, seed: int, threads: int = 1) -> Feeds:
    """Inputs of passes as the app makes them: what a calibration measures ranges on.

    `count` of noised rendered clips under every kind of mask, at times of the pack's schedule, a quarter of them
    without words; and a quarter as many clips made from words, of which five passes each are kept.
    """
    facts, network = pack_facts(pack), PackNetwork(pack, threads, processor=False)
    tokenizer = Tokenizer((pack / facts["vocabulary"]["file"]).read_text(encoding="utf-8").splitlines())
    frames, size, seconds, shift = facts["frames"], facts["width"], facts["seconds"], facts["scheduler"]["shift"]
    generator = torch.Generator().manual_seed(seed)
    labels = draw_labels(count, seed)
    texts = captions(labels, seed, "en", keep=1.0)
    clips = render(labels, frames, size, seconds, seed + 1, "cpu").video.float() / 127.5 - 1
    masks, kind = draw_masks(count, frames, size, size, generator)
    clips = freeze_outside(clips, masks, kind)
    times = create_schedule(STEPS, shift)[torch.randint(0, STEPS, (count,), generator=generator)]
    inputs = network_input(add_noise(clips, torch.randn(clips.shape, generator=generator), times), masks, clips)
    kept: Feeds = []
    for n, text in enumerate(texts):
        features = network.text(tokenizer.batch([text if n % 4 else ""]))
        row = (inputs[n : n + 1], times[n : n + 1], torch.tensor([seconds]), *features)
        kept.append({name: value.float().numpy() for name, value in zip(NAMES, row)})

    passes: Feeds = []

    class Recorded:
        text = staticmethod(network.text)

        @staticmethod
        def unet(*row: torch.Tensor) -> torch.Tensor:
            passes.append({name: value.float().numpy() for name, value in zip(NAMES, row)})
            return network.unet(*row)

    for n in range(count // 4):
        passes.clear()
        shape = (1, frames, 3, size, size)
        words, empty = tokenizer.batch([texts[n]]), tokenizer.batch([""])
        generate(Recorded, words, empty, shape, seconds, steps=STEPS // 2, shift=shift, seed=seed + n)  # type: ignore[arg-type]
        kept += [passes[at] for at in (0, 5, 9, 13, 19)]
    return kept


def quantise_graph(source: Path, target: Path, calibration: Feeds, exact: re.Pattern[str] = EXACT) -> list[Path]:
    """Write the graph `source` with convolutions in whole numbers but for those named by `exact`.

    Returns the data files beside `target`.
    """
    import onnx
    import onnxruntime
    from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(CalibrationDataReader):
        def __init__(self) -> None:
            self._rest = iter(calibration)

        def get_next(self) -> dict[str, np.ndarray] | None:
            return next(self._rest, None)

    with tempfile.TemporaryDirectory() as folder:
        plain, prepared, made = (Path(folder) / name for name in ("plain.onnx", "prepared.onnx", "made.onnx"))
        # The weights behind their Casts become constants again, which is what the quantiser looks for.
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(plain)
        options.log_severity_level = 3
        onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
        quant_pre_process(str(plain), str(prepared), skip_optimization=True, skip_symbolic_shape=True)
        nodes = onnx.load(str(prepared), load_external_data=False).graph.node
        kept = [node.name for node in nodes if node.op_type == "Conv" and exact.fullmatch(node.name)]
        quantize_static(
            str(prepared),
            str(made),
            Reader(),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv"],
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            nodes_to_exclude=kept,
        )
        return store_half(made, target)


def difference(a: Path, b: Path, inputs: Feeds, threads: int = 1) -> float:
    """Median over passes of the relative difference of two graphs' velocities (root mean square)."""
    import onnxruntime

    def run(path: Path) -> list[np.ndarray]:
        options = onnxruntime.SessionOptions()
        options.enable_mem_pattern, options.log_severity_level, options.intra_op_num_threads = False, 3, threads
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        return [session.run(None, feeds)[0] for feeds in inputs]

    return float(np.median([np.sqrt(np.mean((y - x) ** 2) / np.mean(x**2)) for x, y in zip(run(a), run(b))]))


def quantise_pack(pack: Path, version: str, count: int = 24, threads: int = 1, most: float = 0.02) -> dict:
    """Add `processorUnet` to a pack, and return its manifest.

    Raises RuntimeError where its passes on fresh input differ by more than `most` from those of `unet`; the pack stays
    as it was.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "unet.int8.onnx"
        parts = quantise_graph(pack / "unet.onnx", target, pass_inputs(pack, count, 11, threads))
        differs = difference(pack / "unet.onnx", target, pass_inputs(pack, max(count // 2, 4), 977, threads), threads)
        if not differs < most:
            raise RuntimeError(f"whole numbers change a pass by {differs:.3f} of its size, more than {most}")
        said = f"most convolutions run in eight-bit whole numbers: a pass differs by {differs:.1%}"
        facts = {"processorDifference": round(differs, 4)}
        return add_graph(pack, "processorUnet", target, parts, version, ("On a processor", said), facts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--version", required=True, help="of the pack from now on: what it makes on a processor changes")
    parser.add_argument("--count", type=int, default=24, help="rendered clips that ranges are measured on")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    data = quantise_pack(arguments.pack, arguments.version, arguments.count, arguments.threads)
    print(f"{arguments.pack}: a pass differs by {data['training']['processorDifference']:.1%}")


if __name__ == "__main__":
    main()
