"""A model pack read back as the checkpoint that it was exported from (nothing is kept twice), or run.

Reading is possible because export.py folds no constants: every weight is in the graphs under its own name. The
runtime folds them when it loads, at the same speed (M: the same 2.2 s a pass, loaded in half the time).
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from . import store
from .onnx_files import describe_component

GRAPHS = {"text_encoder.onnx": "text.", "unet.onnx": "unet."}
HALF = ".half"  # onnx_files.store_half's mark on a tensor's name


def read_pack(folder: Path) -> tuple[dict[str, Tensor], dict]:
    """Named weights, and the state that `Trainer.save_portable` would have written. Needs onnx.

    Raises ValueError for a pack whose manifest does not record its training.
    """
    import onnx
    from onnx import numpy_helper

    data = pack_facts(folder)
    if "settings" not in data["training"]:
        raise ValueError(f"{folder}: the manifest does not say how it was trained, so nothing can go on from it")
    tensors = {}
    for file, prefix in GRAPHS.items():
        for tensor in onnx.load(str(folder / file)).graph.initializer:
            tensors[prefix + tensor.name.removesuffix(HALF)] = torch.from_numpy(np.array(numpy_helper.to_array(tensor)))
    pieces = (folder / data["vocabulary"]["file"]).read_text(encoding="utf-8").splitlines()
    counters = {"step": data["training"]["steps"], "elapsed": 60 * data["training"]["minutes"]}
    place = {"warm_from": 0, "stage_index": 0, "stage_step": 0}
    return tensors, {"settings": data["training"]["settings"], "vocabulary": pieces, **counters, **place}


class PackNetwork:
    """A pack run by ONNX Runtime, with the calls of `model.Lumiere` that sampling uses: what users get.

    Several times faster on a CPU than PyTorch; the graphs take one clip at a time. `processor`: with the network in
    whole numbers where the pack has one, as the app does without an accelerator.
    """

    def __init__(self, folder: Path, threads: int = 0, processor: bool = True) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        options.intra_op_num_threads = threads
        load = lambda file: onnxruntime.InferenceSession(str(folder / file), options, providers=["CPUExecutionProvider"])  # noqa: E731
        components = pack_facts(folder)["components"]
        unet = components.get("processorUnet", components["unet"]) if processor else components["unet"]
        self._text, self._unet = load(components["textEncoder"]["file"]), load(unet["file"])
        self._reranker = load(components["reranker"]["file"]) if "reranker" in components else None

    def text(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """As `TextEncoder.forward`."""
        rows = [self._text.run(None, {"tokens": row[None].numpy()}) for row in tokens]
        text, mask = (torch.from_numpy(np.concatenate(parts)) for parts in zip(*rows))
        return text, mask

    def unet(self, sample: Tensor, timestep: Tensor, seconds: Tensor, text: Tensor, text_mask: Tensor) -> Tensor:
        """As `SpaceTimeUNet.forward`."""
        names = ("sample", "timestep", "seconds", "text", "text_mask")
        made = []
        for row in zip(sample, timestep, seconds, text, text_mask):
            feeds = {name: value[None].float().numpy() for name, value in zip(names, row)}
            made.append(self._unet.run(None, feeds)[0])
        return torch.from_numpy(np.concatenate(made))

    def agreement(self, tokens: Tensor, clip: Tensor) -> Tensor:
        """As `Reranker.forward`, a clip at a time. Raises ValueError where the pack has no reranker."""
        if self._reranker is None:
            raise ValueError("this pack has no reranker: one candidate only")
        return torch.from_numpy(self._reranker.run(None, {"tokens": tokens.numpy(), "clip": clip.float().numpy()})[0])


def pack_facts(folder: Path) -> dict:
    """The manifest of a pack."""
    return json.loads((folder / "lumiere-pack.json").read_text(encoding="utf-8"))


def card_of(card: str, data: dict, before: str, opening: str, said: str) -> str:
    """The model card of a pack that was of version `before`, with one line of its limits said anew."""
    named = card.replace(f"({data['id']} {before})", f"({data['id']} {data['version']})")
    lines = [line for line in named.splitlines() if not line.startswith(f"- {opening} ")]
    at = next((n - 1 for n, line in enumerate(lines) if line == "## Measured"), len(lines))
    return "\n".join([*lines[:at], f"- {opening} {said}.", *lines[at:]]) + "\n"


def add_graph(
    pack: Path, name: str, graph: Path, parts: list[Path], version: str, note: tuple[str, str], facts: dict | None = None
) -> dict:
    """Move a graph with its data files into a pack, as component `name`, and return the manifest.

    `note`: how the card's line on it opens, and goes on. `facts`: what the manifest says of its training.
    """
    data = pack_facts(pack)
    before, data["version"] = data["version"], version
    for path in (graph, *parts):
        shutil.move(path, pack / path.name)
    data["components"][name] = describe_component(pack / graph.name, [pack / part.name for part in parts])
    data["training"].update(facts or {})
    card = pack / data["card"]
    card.write_text(card_of(card.read_text(encoding="utf-8"), data, before, *note), encoding="utf-8")
    (pack / "lumiere-pack.json").write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return data


def load_weights(folder: Path) -> tuple[dict[str, Tensor], dict]:
    """Weights and state of a portable checkpoint, or of a pack."""
    return read_pack(folder) if (folder / "lumiere-pack.json").exists() else store.load(folder)
