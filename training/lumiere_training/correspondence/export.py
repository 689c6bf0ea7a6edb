"""Export the follower as three ONNX graphs with what a program needs to know to use them.

    python -m lumiere_training.correspondence.export --checkpoint out/keys/full/checkpoint --pictures out/keys/pictures --out out/keys/pack

Heights and widths are multiples of 16, h and w an eighth of them; one clip at a time.

    encode.onnx    picture [1, 3, H, W] 0..1 -> key [1, 64, h, w], eighth, quarter, half
    remember.onnx  picture, eighth, mask [1, 1, H, W] 0..1 -> value [1, V, h, w]
    follow.onnx    key, eighth, quarter, half, keys [1, n, 64, h, w], values [1, n, V, h, w], previous [1, 1, H, W]
                   -> mask [1, 1, H, W] 0..1; the painted frame first in keys and values, n at least 2

Fails unless ONNX Runtime and PyTorch agree within 1e-3, at two sizes. A model pack is made of them
once they follow masks better than the tracker without a network (docs/quality.md).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .. import run_state, store
from ..export import TOLERANCE, round_to_half
from ..flow_matching import Average
from ..onnx_files import store_half
from ..settings import mix
from ..stunet import count_parameters
from .follow import RECENT
from .network import KEY, STRIDE, TOP, Features, Follower, drawn, multiplications
from .pictures import Pictures
from .scenes import render
from .train import follow_clips

OPSET = 17


class Encode(nn.Module):
    def __init__(self, network: Follower) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: Tensor) -> tuple[Tensor, ...]:
        return tuple(self.network.encode(picture))


class Remember(Encode):
    def forward(self, picture: Tensor, eighth: Tensor, mask: Tensor) -> Tensor:
        return self.network.remember(picture, eighth, mask)


class Follow(Encode):
    def forward(
        self, key: Tensor, eighth: Tensor, quarter: Tensor, half: Tensor, keys: Tensor, values: Tensor, previous: Tensor
    ) -> Tensor:
        told = self.network.read(key, keys, values, TOP)
        return drawn(self.network.decode(Features(key, eighth, quarter, half), told, previous), previous)


NAMES = {
    "encode": (("picture",), ("key", "eighth", "quarter", "half")),
    "remember": (("picture", "eighth", "mask"), ("value",)),
    "follow": (("key", "eighth", "quarter", "half", "keys", "values", "previous"), ("mask",)),
}


@torch.no_grad()
def averaged(network: Follower, values: dict[str, Tensor], pictures: Pictures, settings: dict, batches: int = 12) -> Follower:
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
        dice = torch.Generator().manual_seed(mix(settings["seed"], 7, batch))
        follow_clips(network, render(pictures, 8, settings["size"], settings["frames"], dice))
    return network.eval()


def load_network(checkpoint: Path, pictures: Pictures) -> tuple[Follower, dict]:
    """The averaged network of a checkpoint (train.py), and its state."""
    tensors, state = store.load(checkpoint)
    network = Follower(state["settings"]["variant"])
    weights = {k: v.float() for k, v in tensors.items()}
    network.load_state_dict(run_state.starting_with("model.", weights))
    return averaged(network, run_state.starting_with("average.", weights), pictures, state["settings"]), state


def folded(network: Follower) -> Follower:
    """A copy with the normalisation inside the convolutions, as the graphs have it."""
    copy = deepcopy(network).eval().float()
    for module in copy.modules():
        if isinstance(module, nn.Sequential):
            for at in range(len(module) - 1):
                if isinstance(module[at], nn.Conv2d) and isinstance(module[at + 1], nn.BatchNorm2d):
                    module[at], module[at + 1] = fuse_conv_bn_eval(module[at], module[at + 1]), nn.Identity()
    return copy


def example(network: Follower, height: int, width: int, recent: int) -> dict[str, Tensor]:
    """Inputs and right outputs of all three graphs, by name."""
    dice = torch.Generator().manual_seed(width)
    frames = torch.rand(2 + recent, 3, height // 8, width // 8, generator=dice)
    frames = nn.functional.interpolate(frames, (height, width), mode="bilinear", align_corners=False)
    masks = (frames[:, :1] > 0.5).float()
    seen = network.encode(frames)
    told = network.remember(frames, seen.eighth, masks)
    named = {"picture": frames[-1:], "mask": masks[-1:], "value": told[-1:], "previous": masks[-2:-1]}
    named |= {name: getattr(seen, name)[-1:] for name in Features._fields}
    named |= {"keys": seen.key[None, :-1], "values": told[None, :-1]}
    inputs = [named[name] for name in NAMES["follow"][0]]
    return named | {"found": Follow(network)(*inputs)}


def session(path: Path, threads: int = 0) -> object:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@torch.no_grad()
def export_graphs(network: Follower, out: Path) -> float:
    """Write the graphs; returns the largest difference to PyTorch."""
    out.mkdir(parents=True, exist_ok=True)
    network = folded(network)
    round_to_half(network)
    shown, worst = example(network, 64, 96, 2), 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name, module in (("encode", Encode(network)), ("remember", Remember(network)), ("follow", Follow(network))):
            inputs, outputs = NAMES[name]
            plain = Path(folder) / "plain.onnx"
            stacks = {what: {1: "count", 3: "height", 4: "width"} for what in ("keys", "values")}
            planes = {what: {2: what + "_height", 3: what + "_width"} for what in (*inputs, *outputs) if what not in stacks}
            torch.onnx.export(
                module.eval(),
                tuple(shown[what] for what in inputs),
                str(plain),
                input_names=list(inputs),
                output_names=list(outputs),
                dynamic_axes={what: axes for what, axes in (planes | stacks).items() if what in (*inputs, *outputs)},
                opset_version=OPSET,
                do_constant_folding=True,
                dynamo=False,
            )
            store_half(plain, out / f"{name}.onnx")
    for height, width, recent in ((64, 96, 2), (112, 80, 3)):
        right = example(network, height, width, recent)
        for name, (inputs, outputs) in NAMES.items():
            got = session(out / f"{name}.onnx").run(None, {what: right[what].numpy() for what in inputs})
            wanted = [right["found"]] if name == "follow" else [right[what] for what in outputs]
            worst = max(worst, *(float(np.abs(a - b.numpy()).max()) for a, b in zip(got, wanted, strict=True)))
    if not worst < TOLERANCE:
        raise RuntimeError(f"ONNX Runtime and PyTorch differ by {worst:.2e}, more than {TOLERANCE}")
    return worst


@torch.no_grad()
def seconds_per_frame(network: Follower, folder: Path, height: int = 240, width: int = 432) -> dict[str, float]:
    """What a frame takes: each graph on one thread, in processor seconds (which other work hardly changes), and all on two, by the clock.

    The least of a dozen each, and the load meanwhile.
    """
    right = example(network, height, width, RECENT)
    taken: dict[str, float] = {}
    for threads, clock in ((1, time.process_time), (2, time.perf_counter)):
        sessions = {name: session(folder / f"{name}.onnx", threads) for name in NAMES}
        for _ in range(12):
            sums = 0.0
            for name, (inputs, _) in NAMES.items():
                feeds = {what: right[what].numpy() for what in inputs}
                began = clock()
                sessions[name].run(None, feeds)
                spent = clock() - began
                sums += spent
                if threads == 1:
                    taken[name] = min(taken.get(name, spent), spent)
            taken["all" if threads == 1 else "two threads"] = min(taken.get("all" if threads == 1 else "two threads", sums), sums)
    return {name: round(value, 4) for name, value in taken.items()} | {"load": round(os.getloadavg()[0], 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, default=Path("out/keys/pictures"))
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    network, state = load_network(arguments.checkpoint, Pictures.load(arguments.pictures))
    difference = export_graphs(network, arguments.out)
    about = {
        "stride": STRIDE,
        "keySize": KEY,
        "recent": RECENT,
        "parameters": count_parameters(network),
        "macs": multiplications(network, 240, 432, RECENT),
        "steps": state["step"],
        "clips": state["step"] * state["settings"]["batch"],
        "parity": difference,
        "secondsPerFrame": seconds_per_frame(network, arguments.out),
    }
    (arguments.out / "follower.json").write_text(json.dumps(about, indent=2) + "\n")
    print(about)


if __name__ == "__main__":
    main()
