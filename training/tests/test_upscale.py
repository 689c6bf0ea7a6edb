"""The upscaler: it begins as Lanczos, learns from pairs that belong together, and is exported as it is."""

import io
import json
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

from lumiere_training.stunet import count_parameters
from lumiere_training.style.textures import draw
from lumiere_training.upscale.degrade import SPARE, made_views, rough, shrink, two_views
from lumiere_training.upscale.network import (
    FACTORS,
    VARIANTS,
    Upscaler,
    contrast,
    enlarge_lanczos,
    macs_per_pixel,
    steps_to,
)
from lumiere_training.upscale.pictures import HELD_OUT_PHOTOS, KINDS, Pictures, decoded, encoded
from lumiere_training.upscale.train import Settings, Trainer, gain, steady_loss


def dice(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def pictures():
    """Drawn ones in place of photographs."""
    names = ("oil", "mosaic", "hatching")
    large = [torch.from_numpy(np.asarray(draw(name, 3, 128).convert("RGB")).copy()).permute(2, 0, 1) for name in names]
    small = [functional.avg_pool2d(one.float(), 4).round().to(torch.uint8) for one in large]
    kinds = {kind: [{}] * len(large) for kind in KINDS}

    def pick(kind, generator):
        place = int(torch.randint(0, len(large), (1,), generator=generator))
        return [small[place], large[place]] if kind == "made" else [large[place]]

    return SimpleNamespace(entries=kinds, pick=pick)


def trainer(pictures, **changes) -> Trainer:
    return Trainer(Settings(variant="tiny", scenes=2, side=64, warm_up=10, **changes), pictures, torch.device("cpu"))


@pytest.mark.parametrize("factor", FACTORS)
def test_untrained_it_is_lanczos(factor):
    small = torch.rand(2, 3, 12, 18, generator=dice())
    network = Upscaler("tiny")
    assert torch.allclose(network(small, factor), enlarge_lanczos(small, factor), atol=1e-6)


@pytest.mark.parametrize("factor", FACTORS)
def test_lanczos_is_the_one_that_everybody_means(factor):
    small = (60 + torch.rand(1, 3, 20, 24, generator=dice()) * 120).round()  # Pillow clips between its two passes
    image = Image.fromarray(small[0].permute(1, 2, 0).numpy().astype(np.uint8))
    theirs = np.asarray(image.resize((24 * factor, 20 * factor), Image.Resampling.LANCZOS)).astype(np.float32)
    ours = enlarge_lanczos(small, factor)[0].permute(1, 2, 0).clamp(0, 255).numpy()
    inner = slice(4 * factor, -4 * factor)  # at the border Pillow leaves taps out where the app repeats pixels
    assert np.abs(ours[inner, inner] - theirs[inner, inner]).max() < 1.5


def test_cost_of_the_network():
    assert count_parameters(Upscaler("full")) < 450_000
    # Two cores do about 60 GMAC a second: at most 0.2 s for a frame of 512x512.
    for factor in FACTORS:
        assert macs_per_pixel("full", factor) * 512 * 512 < 8e9
    assert VARIANTS["tiny"] != VARIANTS["full"]


def test_the_way_to_any_power_of_two():
    assert [steps_to(factor) for factor in (1, 2, 4, 8, 16)] == [[], [2], [4], [4, 2], [4, 4]]
    with pytest.raises(ValueError, match="power of two"):
        steps_to(6)
    assert Upscaler("tiny").enlarge(torch.rand(1, 3, 8, 6), 8).shape == (1, 3, 64, 48)


def test_levels_are_nothing_to_it():
    small = torch.rand(1, 3, 16, 16, generator=dice()) * 0.5
    assert contrast(torch.full((1, 3, 9, 9), 0.7)).abs().max() < 1e-5
    assert torch.allclose(contrast(small), contrast(small + 0.3), atol=1e-5)


def test_both_views_show_one_scene_where_they_overlap():
    square = torch.rand(3, 64 + SPARE, 64 + SPARE, generator=dice())
    shifts = set()
    for seed in range(12):
        views = two_views(square, 64, 4, dice(seed))
        assert views.small.shape == (2, 3, 16, 16) and views.large.shape == (2, 3, 64, 64)
        dy, dx = views.shift
        first, second = views.large
        assert torch.equal(first[:, dy:, dx:], second[:, : 64 - dy, : 64 - dx])
        assert steady_loss(views.large, [views.shift]) < 2e-3
        shifts.add((dy % 4, dx % 4))
    assert len(shifts) > 4
    assert steady_loss(torch.rand(2, 3, 64, 64), [(1, 2)]) > 0.2
    assert steady_loss(torch.rand(2, 3, 64, 64), [None]) == 0


def test_small_pictures_are_bytes_of_the_large_one():
    smooth = functional.interpolate(torch.rand(1, 3, 6, 6, generator=dice()), (64, 64), mode="bicubic").clamp(0, 1)
    plain = functional.avg_pool2d(smooth, 4)
    faults = []
    for seed in range(30):
        small = shrink(smooth, 4, dice(seed))
        assert torch.allclose(small * 255, (small * 255).round(), atol=1e-3)
        faults.append((small - plain).abs().mean().item())
    assert min(faults) < 0.002 < 0.006 < max(faults) < 0.05


def test_a_square_is_cut_from_any_picture():
    picture = (torch.rand(3, 90, 200, generator=dice()) * 255).to(torch.uint8)
    for seed in range(10):
        square = rough(picture, 72, dice(seed))
        assert square.shape == (3, 72, 72) and 0 <= square.min() and square.max() <= 1


def test_parts_of_a_made_pair_belong_together():
    large = (torch.rand(3, 64, 64, generator=dice()) * 255).to(torch.uint8)
    small = functional.avg_pool2d(large.float(), 4).round().to(torch.uint8)
    views = made_views(small, large, 10, dice(1))
    assert views.shift is None and views.small.shape == (2, 3, 10, 10)
    assert (functional.avg_pool2d(views.large, 4) - views.small).abs().max() < 0.003


def test_learns_more_than_lanczos_knows(pictures):
    one = trainer(pictures, learning_rate=3e-3, edges=0.0, steady=0.0)
    for _ in range(120):
        one.train_step()
    network, gains = one.network, []
    for seed in range(6):
        batch = one.batch("four", dice(100 + seed))
        with torch.no_grad():
            gains.append(gain(network(batch.small, 4), enlarge_lanczos(batch.small, 4), batch.large).mean())
    assert torch.stack(gains).mean() > 0.04


def test_every_parameter_is_reached(pictures):
    one = trainer(pictures)
    before = {name: value.detach().clone() for name, value in one.network.named_parameters()}
    for _ in range(6):
        one.train_step()
    assert [name for name, value in one.network.named_parameters() if torch.equal(value, before[name])] == []


def test_a_run_that_is_stopped_goes_on_with_the_same_numbers(pictures, tmp_path):
    whole = trainer(pictures)
    for _ in range(6):
        whole.train_step()
    first = trainer(pictures)
    for _ in range(3):
        first.train_step()
    first.save(tmp_path / "checkpoint")
    first.save(tmp_path / "small", half=True)
    for folder, apart in (("checkpoint", 1e-5), ("small", 1e-2)):
        second = trainer(pictures)
        second.resume(tmp_path / folder)
        for _ in range(3):
            second.train_step()
        for name, value in whole.network.state_dict().items():
            assert torch.allclose(value.float(), second.network.state_dict()[name].float(), atol=apart), (folder, name)


def test_prepared_pictures_come_back(tmp_path):
    large = (torch.rand(3, 32, 48, generator=dice()) * 255).to(torch.uint8)
    small = large[:, ::4, ::4].contiguous()
    parts = [encoded(small, 100), encoded(large, 100)]
    (tmp_path / "pictures.bin").write_bytes(b"".join(parts))
    entry = {"kind": "made", "path": "0#0", "licence": "", "offset": 0, "bytes": [len(part) for part in parts]}
    (tmp_path / "index.json").write_text(json.dumps([entry]))
    found = Pictures(tmp_path).pick("made", dice())
    assert torch.equal(found[0], small) and torch.equal(found[1], large)
    assert decoded(parts[1]).shape == (3, 32, 48) and Image.open(io.BytesIO(parts[1])).format == "WEBP"
    assert len(set(HELD_OUT_PHOTOS)) == 16


def test_measures_know_better_from_worse():
    from lumiere_training.upscale.evaluate import compare, shrunk

    truth = functional.interpolate(torch.rand(3, 3, 16, 16, generator=dice()), (64, 64), mode="bicubic").clamp(0, 1)
    still = truth[:1].repeat(3, 1, 1, 1)
    same = compare(still, still)
    assert same["ssim"] == pytest.approx(1, abs=1e-4) and same["flicker"] == 0 and same["gradient"] == pytest.approx(1)
    noisy = (still + 0.05 * torch.randn(still.shape, generator=dice())).clamp(0, 1)
    soft = functional.avg_pool2d(still, 5, 1, 2, count_include_pad=False)
    assert compare(noisy, still)["flicker"] > 5 and compare(noisy, still)["gradient"] > 1.1
    assert compare(soft, still)["gradient"] < 0.95 and compare(soft, still)["flicker"] == 0
    small, large = shrunk((torch.rand(1, 3, 37, 50) * 255).to(torch.uint8), 4)
    assert small.shape == (1, 3, 8, 12) and large.shape == (1, 3, 32, 48)


@pytest.mark.filterwarnings("ignore")
def test_the_pack_agrees_with_the_network_and_names_its_files(tmp_path):
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    from lumiere_training.onnx_files import operators, sha256
    from lumiere_training.upscale.evaluate import Pack
    from lumiere_training.upscale.export import export_pack, random_network

    network = random_network("tiny")
    data = export_pack(network, "tiny", tmp_path, "tiny-upscale")
    assert max(data["training"]["parity"].values()) < 1e-3
    for component in data["components"].values():
        for entry in [component, *component["externalData"]]:
            assert sha256(tmp_path / entry["file"]) == entry["sha256"]
        # The slow ways of enlarging are not in it.
        assert not {"Resize", "ConvTranspose"} & set(operators(tmp_path / component["file"]))
    assert "Untrained" in (tmp_path / "MODEL_CARD.md").read_text()
    small = torch.rand(2, 3, 10, 14, generator=dice())
    made = Pack(tmp_path)(small, 8)
    assert made.shape == (2, 3, 80, 112)
    assert (made - network.enlarge(small, 8)).abs().max() < 1e-3
    assert (made - enlarge_lanczos(enlarge_lanczos(small, 4).clamp(0, 1), 2)).abs().mean() > 1e-4
