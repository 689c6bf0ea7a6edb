"""The key encoder: pairs whose truth is the truth, a run that is the same after a stop, an export that agrees."""

from types import SimpleNamespace

import pytest
import torch
from torch.nn import functional

from lumiere_training.correspondence.export import averaged, export_graph
from lumiere_training.correspondence.network import KEY, VARIANTS, KeyEncoder, macs_per_cell
from lumiere_training.correspondence.scenes import render
from lumiere_training.correspondence.train import Settings, Trainer, losses, wanted
from lumiere_training.stunet import count_parameters
from lumiere_training.style.textures import draw


@pytest.fixture(scope="module")
def pictures():
    """Drawn ones in place of photographs."""
    import numpy as np

    drawn = [torch.from_numpy(np.asarray(draw(name, seed, 120).convert("RGB")).copy()).permute(2, 0, 1) for seed in range(2) for name in ("oil", "mosaic")]

    def photos(count, size, dice):
        picks = torch.randint(0, len(drawn), (count,), generator=dice)
        return torch.stack([functional.interpolate(drawn[k][None].float() / 255, (size, size), mode="bilinear", align_corners=False)[0] for k in picks])

    return SimpleNamespace(photos=photos)


def small(**changes) -> Settings:
    return Settings(variant="tiny", batch=2, size=64, **changes)


@pytest.mark.parametrize("name", VARIANTS)
def test_keys_are_of_length_one_at_an_eighth(name):
    keys = KeyEncoder(name).eval()(torch.rand(2, 3, 40, 64))
    assert keys.shape == (2, KEY, 5, 8)
    assert torch.allclose(keys.norm(dim=1), torch.ones(2, 5, 8), atol=1e-3)


def test_cost_of_the_networks():
    assert 1.8e6 < count_parameters(KeyEncoder("full")) < 2.4e6
    # 0.12 s for 432x240 on two cores: about 6 GMAC.
    assert macs_per_cell("half") * 54 * 30 < macs_per_cell("full") * 54 * 30 < 6e9


def test_every_cell_that_is_seen_shows_what_stands_where_it_came_from(pictures):
    pair = render(pictures, 6, 128, torch.Generator().manual_seed(4))
    grid = functional.interpolate(pair.source.permute(0, 3, 1, 2), (128, 128), mode="bilinear", align_corners=False).permute(0, 2, 3, 1)
    # Light, noise and sharpness differ: what agrees is the course of brightness, cell by cell.
    blur = lambda frames: functional.avg_pool2d(frames.mean(1, keepdim=True), 8)[:, 0]  # noqa: E731
    moved, there, still = blur(functional.grid_sample(pair.first, grid, align_corners=False)), blur(pair.second), blur(pair.first)
    alike, unmoved = [], []
    for n in range(6):
        seen = pair.seen[n]
        alike.append(torch.corrcoef(torch.stack([moved[n][seen], there[n][seen]]))[0, 1])
        unmoved.append(torch.corrcoef(torch.stack([still[n][seen], there[n][seen]]))[0, 1])
    assert torch.stack(alike).mean() > 0.93
    assert 1 - torch.stack(alike).mean() < 0.4 * (1 - torch.stack(unmoved).mean())
    assert 0.3 < pair.seen.float().mean() < 1
    assert (pair.labels_first > 0.5).any() and (pair.labels_second > 0.5).any()


def test_a_cells_origin_is_shared_among_the_four_nearest_cells():
    source = torch.tensor([[[[-1 + 2 * 1.75 / 4, -1 + 2 * 2.5 / 4]]]])  # column 1.25, row 2 of 4x4 cells
    indices, weights = wanted(source, 4)
    assert weights.sum() == pytest.approx(1)
    shares = dict(zip(indices.flatten().tolist(), weights.flatten().tolist(), strict=True))
    assert shares[2 * 4 + 1] == pytest.approx(0.75) and shares[2 * 4 + 2] == pytest.approx(0.25)


def test_perfect_keys_find_every_cell_of_a_still(pictures):
    pair = render(pictures, 1, 64, torch.Generator().manual_seed(0))
    cells = 8
    line = (torch.arange(cells) + 0.5) / cells * 2 - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    pair.source, pair.seen = torch.stack([x, y], -1)[None], torch.ones(1, cells, cells, dtype=torch.bool)
    pair.labels_second = pair.labels_first
    keys = torch.eye(cells * cells).reshape(1, cells * cells, cells, cells)
    terms, shown = losses(pair, keys, keys, torch.tensor(0.05))
    assert terms["found"] < 1e-3 and shown["within_one"] == 1


def test_learns(pictures):
    trainer = Trainer(small(learning_rate=3e-3, warm_up=5), pictures, torch.device("cpu"))
    found = []
    for _ in range(60):
        trainer.train_step()
        found.append(trainer.sums["found"][-1])
    assert sum(found[-15:]) < 0.85 * sum(found[:15])


def test_every_parameter_is_reached(pictures):
    trainer = Trainer(small(), pictures, torch.device("cpu"))
    before = {name: value.detach().clone() for name, value in trainer.network.named_parameters()}
    trainer.train_step()
    trainer.train_step()
    assert [name for name, value in trainer.network.named_parameters() if torch.equal(value, before[name])] == []


def test_a_run_that_is_stopped_goes_on_with_the_same_numbers(pictures, tmp_path):
    whole = Trainer(small(), pictures, torch.device("cpu"))
    for _ in range(4):
        whole.train_step()
    first = Trainer(small(), pictures, torch.device("cpu"))
    first.train_step()
    first.train_step()
    first.save(tmp_path / "checkpoint")
    first.save(tmp_path / "small", half=True)
    for folder, apart in (("checkpoint", 1e-5), ("small", 1e-2)):
        second = Trainer(small(), pictures, torch.device("cpu"))
        second.resume(tmp_path / folder)
        second.train_step()
        second.train_step()
        for name, value in whole.network.state_dict().items():
            assert torch.allclose(value.float(), second.network.state_dict()[name].float(), atol=apart), (folder, name)


def test_pairs_made_ahead_are_the_same(pictures):
    plain, ahead = (Trainer(small(), pictures, torch.device("cpu"), loaders) for loaders in (0, 2))
    for _ in range(3):
        plain.train_step()
        ahead.train_step()
    assert plain.sums["found"] == pytest.approx(ahead.sums["found"], abs=1e-5)


def test_the_exported_graph_agrees(pictures, tmp_path):
    pytest.importorskip("onnxruntime")
    trainer = Trainer(small(), pictures, torch.device("cpu"))
    trainer.train_step()
    assert export_graph(averaged(trainer.network, trainer.average.values, pictures, 1, 64, batches=2), tmp_path) < 1e-3
    assert (tmp_path / "keys.onnx").exists()
