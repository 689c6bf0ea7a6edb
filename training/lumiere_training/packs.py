"""A model pack read back as the checkpoint that it was exported from: nothing is kept twice.

Possible because export.py folds no constants: every weight is in the graphs under its own name. The
runtime folds them when it loads, at the same speed (M: the same 2.2 s a pass, loaded in half the time).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from . import store

GRAPHS = {"text_encoder.onnx": "text.", "unet.onnx": "unet."}
HALF = ".half"  # onnx_files.store_half's mark on a tensor's name


def read_pack(folder: Path) -> tuple[dict[str, Tensor], dict]:
    """Named weights, and the state that `Trainer.save_portable` would have written. Needs onnx.

    Raises ValueError for a pack whose manifest does not record its training.
    """
    import onnx
    from onnx import numpy_helper

    data = json.loads((folder / "lumiere-pack.json").read_text(encoding="utf-8"))
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


def load_weights(folder: Path) -> tuple[dict[str, Tensor], dict]:
    """Weights and state of a portable checkpoint, or of a pack."""
    return read_pack(folder) if (folder / "lumiere-pack.json").exists() else store.load(folder)
