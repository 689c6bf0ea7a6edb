"""The fused norm against plain operations: in Triton's interpreter, or on the GPU where one is."""

import os

import pytest
import torch
from torch.nn import functional

if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"
pytest.importorskip("triton")

from lumiere_training import fused  # noqa: E402
from lumiere_training.layers import NormSilu  # noqa: E402
from lumiere_training.model import build_model  # noqa: E402

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def plain(x, weight, bias, width, film=None):
    h = functional.group_norm(x, x.shape[1] // width, weight, bias, 1e-5)
    if film is not None:
        film = film.repeat_interleave(len(x) // len(film), 0)[:, :, None, None]
        h = h * (1 + film[:, : x.shape[1]]) + film[:, x.shape[1] :]
    return functional.silu(h)


@pytest.mark.parametrize("clips,frames,channels,size,modulated", [(2, 4, 32, 8, True), (1, 3, 16, 12, False), (1, 2, 64, 32, True)])
def test_values_and_every_gradient(clips, frames, channels, size, modulated):
    torch.manual_seed(0)
    make = lambda *shape: torch.randn(*shape, device=DEVICE, requires_grad=True)  # noqa: E731
    x, weight, bias = make(clips * frames, channels, size, size), make(channels), make(channels)
    film = make(clips, 2 * channels) if modulated else None
    inputs = [t for t in (x, weight, bias, film) if t is not None]
    upstream = torch.randn(x.shape, device=DEVICE)
    got = fused.norm_silu(x, weight, bias, 16, film)
    wanted = plain(x, weight, bias, 16, film)
    assert (got - wanted).abs().max() < 1e-5
    for a, b in zip(torch.autograd.grad(got, inputs, upstream), torch.autograd.grad(wanted, inputs, upstream)):
        assert (a - b).norm() / b.norm() < 1e-5


@pytest.mark.skipif(DEVICE == "cpu", reason="needs a GPU")
def test_the_whole_network_in_bf16_is_as_near_to_float32_as_the_plain_one():
    torch.manual_seed(0)
    model = build_model("S").cuda().to(memory_format=torch.channels_last)
    inputs = torch.randn(2, 16, 7, 128, 128, device="cuda"), torch.rand(2, device="cuda"), torch.full((2,), 5.0, device="cuda")
    tokens = torch.randint(3, 40, (2, 32), device="cuda")
    upstream = torch.randn(2, 16, 3, 128, 128, device="cuda")

    def run(use: bool, precise: bool):
        for module in model.modules():
            if isinstance(module, NormSilu):
                module.fused = use
        with torch.autocast("cuda", torch.bfloat16, enabled=not precise):
            out = model(*inputs, tokens)
        # unused parameters do not exist: every one has a gradient
        return [out, *torch.autograd.grad(out.float(), list(model.parameters()), upstream)]

    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    truth, ours, theirs = run(False, True), run(True, False), run(False, False)
    distance = lambda a, b: float((a.float() - b.float()).norm() / b.float().norm().clamp(min=1e-12))  # noqa: E731
    mine = [distance(a, b) for a, b in zip(ours, truth)]
    other = [distance(a, b) for a, b in zip(theirs, truth)]
    print("output", mine[0], other[0], "gradients", sorted(mine[1:])[-1], sorted(other[1:])[-1])
    assert mine[0] < 1.5 * other[0] + 1e-3
    assert sum(mine) < 1.5 * sum(other)
