"""The style network: what the app relies on, and a run that is the same after a stop."""

import pytest
import torch

from lumiere_training import store
from lumiere_training.stunet import count_parameters
from lumiere_training.style.features import LAYERS, TAPS, Features
from lumiere_training.style.losses import content_loss, drawing_loss, style_loss, style_numbers
from lumiere_training.style.network import VARIANTS, StyleNetwork, macs_per_pixel, places_of, sizes
from lumiere_training.style.pictures import HELD_OUT_STYLES, Pictures, prepare
from lumiere_training.style.textures import TECHNIQUES, draw
from lumiere_training.style.train import Settings, Trainer, disturb


def random_features() -> Features:
    """The layers of the real ones with few random channels."""
    dice = torch.Generator().manual_seed(0)
    weights, inputs = {}, 3
    for layer in LAYERS:
        if layer == "pool":
            continue
        weights[layer[0]] = (torch.randn(6, inputs, 3, 3, generator=dice) * 0.2, torch.zeros(6))
        inputs = 6
    return Features(weights)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    root = tmp_path_factory.mktemp("media")
    rows = ["source\tpath\tlicence\turl_or_package\tnote"]
    for kind in ("photo", "style"):
        (root / "train" / kind).mkdir(parents=True)
        for k in range(2):
            path = f"train/{kind}/{k}.webp"
            draw("paper-cut", k, 48).save(root / path)
            rows.append(f"here\t{path}\tCC0\t\t")
    draw("oil", 5, 48).save(root / HELD_OUT_STYLES[0])
    rows.append(f"here\t{HELD_OUT_STYLES[0]}\tCC0\t\t")
    (root / "LICENSES.tsv").write_text("\n".join(rows) + "\n")
    counts = prepare(root / "train", root / "LICENSES.tsv", root / "out", texture_seeds=0)
    assert counts == {"photo": 2, "style": 2, "texture": 0}  # the held-out one is not among them
    found = Pictures(root / "out")
    found.kinds["texture"] = found.kinds["style"]
    return found


@pytest.mark.parametrize("name", VARIANTS)
def test_places_fill_the_modulation_and_the_statistics_without_gaps(name):
    at = [0, 0]
    for place in places_of(VARIANTS[name]):
        assert [place.modulation, place.statistics] == at
        at = [at[0] + place.numbers, at[1] + 2 * place.channels]
    assert sizes(name) == tuple(at)


def test_size_of_the_networks():
    assert 0.1e6 < count_parameters(StyleNetwork("half")) < count_parameters(StyleNetwork("full")) < 0.6e6
    # 0.15 s for 432x240 on two cores: about 5 GMAC.
    assert macs_per_pixel("full") * 432 * 240 < 5e9


def test_given_statistics_are_those_measured_and_make_frames_independent():
    torch.manual_seed(0)
    network = StyleNetwork("tiny").eval()
    frames, reference = torch.rand(3, 3, 24, 32), torch.rand(1, 3, 40, 24)
    modulation = network.style(reference)
    together, pooled = network.painter(frames, modulation, pooled=True)
    assert pooled.shape == (1, sizes("tiny")[1])
    for k in range(3):
        alone, same = network.painter(frames[k : k + 1], modulation, pooled)
        assert same is pooled
        assert torch.allclose(alone, together[k : k + 1], atol=1e-5)
    own, statistics = network.painter(frames, modulation)
    assert statistics.shape == (3, sizes("tiny")[1])
    assert not torch.allclose(own, together, atol=1e-3)


def test_each_sample_of_a_batch_has_its_own_style():
    torch.manual_seed(0)
    network = StyleNetwork("tiny").eval()
    frames, references = torch.rand(2, 3, 16, 16), torch.rand(2, 3, 32, 32)
    both = network(frames, references)
    for k in range(2):
        assert torch.allclose(both[k : k + 1], network(frames[k : k + 1], references[k : k + 1]), atol=1e-5)


def test_losses_are_nothing_for_the_same_and_something_for_others():
    features = random_features()
    a, b = torch.rand(2, 3, 32, 32), torch.rand(2, 3, 32, 32) * 0.3
    answers = features(a)
    assert [x.shape[2] for x in answers] == [32, 16, 8, 4] and len(TAPS) == 4
    palette, texture = style_loss(answers, style_numbers(answers))
    assert palette < 1e-6 and texture < 1e-6 and content_loss(answers[2], answers[2]) == 0
    palette, texture = style_loss(answers, style_numbers(features(b)))
    assert palette > 0.01 and texture > 0.01


def test_the_drawing_is_kept_in_other_colours_and_lost_by_strokes_rims_and_blur():
    content = torch.full((1, 3, 96, 96), 0.8)
    content[:, :, 30:66, 30:66] = 0.2
    other = content * torch.tensor([0.9, 0.5, 0.3]).view(1, 3, 1, 1)
    assert drawing_loss(content, content) < 1e-4 and drawing_loss(other, content) < 0.05
    strokes = other + 0.15 * ((torch.arange(96) // 3) % 2).view(1, 1, 1, 96)
    # Soft outwards: an edge only at the smaller sizes.
    wide = torch.nn.functional.avg_pool2d((content < 0.5).float(), 17, 1, 8)
    rimmed = other + 0.3 * wide * (content > 0.5)
    blurred = torch.nn.functional.avg_pool2d(other, 9, 1, 4)
    for spoiled in (strokes, blurred):
        assert drawing_loss(spoiled, content) > 0.2
    assert drawing_loss(rimmed, content) > drawing_loss(rimmed, content, scales=1) > 0.03


def test_the_disturbed_frame_is_where_its_grid_says():
    frames = torch.rand(2, 3, 8, 8)
    frames = torch.nn.functional.interpolate(frames, (64, 64), mode="bicubic").clamp(0, 1)
    moved, grid = disturb(frames, torch.Generator().manual_seed(3))
    back = torch.nn.functional.grid_sample(frames, grid, align_corners=False, padding_mode="reflection")
    assert (moved - back).abs().mean() < 0.03 < (moved - frames).abs().mean() + 0.02


def test_a_resumed_run_is_the_uninterrupted_one(pictures, tmp_path):
    settings = Settings(variant="tiny", batch=2, size=32, style_size=32, bank=4, bank_steps=3, identity_steps=1, minutes=5)

    def trainer() -> Trainer:
        return Trainer(settings, pictures, random_features(), torch.device("cpu"))

    whole = trainer()
    for step in range(5):
        whole.train_step()
        if step == 2:
            whole.save(tmp_path / "checkpoint")
            whole.save(tmp_path / "small", half=True)
    later = trainer()
    later.resume(tmp_path / "checkpoint")
    assert later.step == 3
    for _ in range(2):
        later.elapsed = whole.elapsed  # the rate follows the clock
        later.train_step()
    for (name, a), b in zip(whole.network.state_dict().items(), later.network.state_dict().values()):
        assert torch.allclose(a, b, atol=1e-4), name
    small = trainer()
    small.resume(tmp_path / "small")
    assert all(torch.isfinite(p).all() for p in small.network.parameters())
    size = lambda name: sum(p.stat().st_size for p in (tmp_path / name).glob("*.bin"))  # noqa: E731
    assert size("small") * 2 == size("checkpoint")
    assert store.load(tmp_path / "small")[1]["step"] == 3


def test_training_learns_to_give_a_picture_back(pictures):
    settings = Settings(variant="tiny", batch=2, size=32, identity_steps=10**6, minutes=50, warm_up=5, learning_rate=5e-3)
    trainer = Trainer(settings, pictures, random_features(), torch.device("cpu"))
    for _ in range(60):
        trainer.train_step()
    losses = trainer.sums["identity"]
    assert sum(losses[-5:]) < 0.5 * sum(losses[:5])


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_textures_are_the_same_for_the_same_seed_and_fill_the_picture(technique):
    first, again, other = draw(technique, 3, 40), draw(technique, 3, 40), draw(technique, 4, 40)
    assert first.tobytes() == again.tobytes() != other.tobytes()
    assert torch.frombuffer(bytearray(first.tobytes()), dtype=torch.uint8).float().std() > 12


@pytest.mark.filterwarnings("ignore")
def test_the_pack_agrees_with_the_network_and_names_its_files(tmp_path):
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    from lumiere_training.onnx_files import operators, sha256
    from lumiere_training.style.export import export_pack

    torch.manual_seed(0)
    data = export_pack(StyleNetwork("tiny"), "tiny", tmp_path, "tiny-style")
    assert max(data["training"]["parity"].values()) < 1e-3
    assert data["style"]["modulation"], data["style"]["statistics"] == sizes("tiny")
    for component in data["components"].values():
        for entry in [component, *component["externalData"]]:
            assert sha256(tmp_path / entry["file"]) == entry["sha256"]
    painter = data["components"]["painter"]
    assert [(one["name"], len(one["shape"])) for one in painter["inputs"]] == [("frames", 4), ("modulation", 2), ("statistics", 2)]
    # Statistics are taken, not measured: a frame may be painted in pieces.
    assert "ReduceMean" not in operators(tmp_path / "painter.onnx")
    assert "Untrained" in (tmp_path / "MODEL_CARD.md").read_text()
