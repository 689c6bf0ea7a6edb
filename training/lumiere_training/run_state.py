"""A run of a small network as named tensors: weights, averages, Adam's moments.

`tensors_of` with `half` makes a small copy in float16; `load` brings either back.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from . import store
from .flow_matching import Average


def starting_with(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Those whose names begin so, named without it."""
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def tensors_of(network: nn.Module, average: Average, optimiser: torch.optim.Optimizer, half: bool) -> dict[str, Tensor]:
    """Everything that a run goes on from, but its counters."""
    tensors = {f"model.{k}": v for k, v in network.state_dict().items()}
    tensors |= {f"average.{k}": v for k, v in average.values.items()}
    for index, state in optimiser.state_dict()["state"].items():
        tensors[f"moment.{index}.first"], tensors[f"moment.{index}.second"] = state["exp_avg"], state["exp_avg_sq"]
    if half:
        # Second moments span more than float16 does: their roots do not.
        tensors = {k: (v.sqrt() if k.endswith(".second") else v).half() for k, v in tensors.items()}
    return tensors


def load(folder: Path, network: nn.Module, average: Average, optimiser: torch.optim.Optimizer, device: torch.device) -> dict:
    """Put what `tensors_of` gave and `store.save` wrote into a run; returns the state beside it (`step`, `half`, ...)."""
    tensors, state = store.load(folder)
    if state["half"]:
        tensors = {k: v.float().square() if k.endswith(".second") else v.float() for k, v in tensors.items()}
    network.load_state_dict(starting_with("model.", tensors))
    average.values = {k: v.to(device) for k, v in starting_with("average.", tensors).items()}
    moments = starting_with("moment.", tensors)
    kept = {
        int(k.split(".")[0]): {
            "step": torch.tensor(float(state["step"])),
            "exp_avg": moments[k],
            "exp_avg_sq": moments[k.replace(".first", ".second")],
        }
        for k in moments
        if k.endswith(".first")
    }
    optimiser.load_state_dict({"state": kept, "param_groups": optimiser.state_dict()["param_groups"]})
    return state
