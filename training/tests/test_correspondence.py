"""The follower: scenes whose truth is the truth, a run that is the same after a stop, an export that agrees."""

import json

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

from lumiere_training.correspondence import scenes
from lumiere_training.correspondence.evaluate import judge, load, outline, score
from lumiere_training.correspondence.export import averaged, export_graphs
from lumiere_training.correspondence.flow import UNKNOWN, chain, measure, plain, sample, unpack
from lumiere_training.correspondence.follow import follow
from lumiere_training.correspondence.network import CELLS, KEY, VARIANTS, Follower, cells, drawn, multiplications
from lumiere_training.correspondence.pictures import HELD_OUT, Pictures, prepare
from lumiere_training.correspondence.scenes import render
from lumiere_training.correspondence.train import Settings, Trainer, follow_clips, losses
from lumiere_training.small_run import begin, go, run_parser
from lumiere_training.stunet import count_parameters
from lumiere_training.style.textures import draw


def texture(name: str, seed: int, height: int, width: int) -> torch.Tensor:
    """uint8 [3, H, W], mirrored at its sides."""
    small = np.asarray(draw(name, seed, 120).convert("RGB"))
    whole = np.pad(small, ((0, max(0, height - 120)), (0, max(0, width - 120)), (0, 0)), "symmetric")
    return torch.from_numpy(whole[:height, :width].copy()).permute(2, 0, 1)


@pytest.fixture(scope="module")
def pictures():
    """Drawn ones in place of photographs, and two that pass before the camera, 8 pixels a frame, in place of clips."""
    names = [(name, seed) for seed in range(2) for name in ("oil", "mosaic")]
    stills = torch.stack([texture(name, seed, 208, 288) for name, seed in names])
    frames = torch.stack(
        [
            torch.stack([wide[:, :, 8 * t : 8 * t + 432] for t in range(12)])
            for wide in (texture(name, 5, 240, 536) for name in ("oil", "mosaic"))
        ]
    )
    flows = torch.zeros(2, 11, 2, 60, 108, dtype=torch.int8)
    flows[:, :, 0] = 32  # a quarter of a pixel each: what is here now was 8 pixels further right
    return Pictures(stills, frames, flows)


def dice(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def small(**changes) -> Settings:
    return Settings(**{"variant": "tiny", "batch": 3, "size": 64} | changes)


def trainer(pictures, **changes) -> Trainer:
    return Trainer(small(**changes), pictures, torch.device("cpu"))


@pytest.mark.parametrize("name", VARIANTS)
def test_shapes(name):
    network = Follower(name).eval()
    picture, mask = torch.rand(2, 3, 48, 64), torch.rand(2, 1, 48, 64)
    seen = network.encode(picture)
    assert seen.key.shape == (2, KEY, 6, 8) and seen.quarter.shape[2:] == (12, 16) and seen.half.shape[2:] == (24, 32)
    assert torch.allclose(seen.key.norm(dim=1), torch.ones(2, 6, 8), atol=1e-3)
    value = network.remember(picture, seen.eighth, mask)
    told = network.read(seen.key, torch.stack([seen.key] * 3, 1), torch.stack([value] * 3, 1))
    assert told.shape == value.shape == (2, VARIANTS[name][2] + CELLS, 6, 8)
    assert network.decode(seen, told, mask).shape == (2, 1, 24, 32)


def test_cost_of_the_networks():
    full = Follower("full")
    assert 2.4e6 < count_parameters(full) < 2.8e6
    # 0.12 s for 432x240 on two cores: about 6 GMAC.
    assert multiplications(Follower("half"), 240, 432, 2) < multiplications(full, 240, 432, 2) < 5e9


def test_distance_has_its_price():
    network = Follower("tiny").eval()
    keys = functional.normalize(torch.ones(1, KEY, 4, 6), dim=1)
    logits = network.agreement(keys, keys[:, None], True)[0]
    x, y = torch.meshgrid(torch.arange(6.0), torch.arange(4.0), indexing="xy")
    far = (x.flatten()[:, None] - x.flatten()).square() + (y.flatten()[:, None] - y.flatten()).square()
    price = functional.softplus(network.nearness[0]) / 16**2
    assert torch.allclose(logits, network.sharpness.exp() - price * far, atol=1e-4)


def test_the_best_cells_are_read_as_all_are_where_the_others_do_not_count(pictures):
    network = Follower("tiny").eval()
    with torch.no_grad():
        network.sharpness.fill_(4.0)
        frames = render(pictures, 1, 64, 3, dice(3))
        seen = network.encode(frames.frames[0])
        values = network.remember(frames.frames[0], seen.eighth, frames.masks[0])
        key, keys, values = seen.key[2:], seen.key[None, :2], values[None, :2]
        assert torch.allclose(network.read(key, keys, values), network.read(key, keys, values, top=128), atol=1e-4)
        assert not torch.allclose(network.read(key, keys, values), network.read(key, keys, values, top=1), atol=1e-2)


def test_flow_is_chained_and_what_is_unknown_stays_so():
    stored = torch.full((1, 2, 10, 20), 0, dtype=torch.int8)
    stored[:, 0] = 16  # four pixels to the right, of 80
    hidden = stored.clone()
    hidden[:, :, :, 5] = UNKNOWN
    moves = chain([unpack(hidden, 40, 80), unpack(stored, 40, 80), unpack(stored, 40, 80)])
    assert moves[2][0][0, 0, 5, 12] == pytest.approx(3 * 4 * 2 / 80)
    # One cell is four pixels: the unknown column 5 is met again in columns 4 and 3.
    assert moves[2][1][0, 0, 5].tolist()[:6] == [1, 1, 1, 0, 1, 1]


def test_measured_flow_is_the_motion(pictures):
    pytest.importorskip("cv2")
    frames = pictures.frames[1].permute(0, 2, 3, 1).numpy()
    stored = measure(frames[0], frames[1])
    known = stored[0] != UNKNOWN
    assert known[5:-5, 5:-5].mean() > 0.7
    assert np.abs(np.median(stored[0][known]) - 32) < 3 and np.abs(np.median(stored[1][known])) < 3


def test_every_cell_that_is_seen_shows_what_stands_where_it_came_from(pictures, monkeypatch):
    monkeypatch.setattr(scenes, "film", lambda frames, dice: frames)  # no noise, no change of light
    clips = scenes.render(pictures, 12, 128, 3, dice(4))
    soft = functional.avg_pool2d(clips.frames.mean(2), 5, 1, 2)
    moved, there, still = sample(soft[:, :1], clips.source[:, 2])[:, 0], soft[:, 2, 4::8, 4::8], soft[:, 0, 4::8, 4::8]
    seen = clips.seen[:, 2] > 0
    alike, unmoved = ([np.corrcoef(a[n][seen[n]], there[n][seen[n]])[0, 1] for n in range(12)] for a in (moved, still))
    for rows in (slice(0, 5), slice(5, 8), slice(8, 12)):  # photographs, real clips with objects, real clips alone
        assert 0.3 < seen[rows].float().mean() < 1
        assert np.mean(alike[rows]) > 0.95 and 1 - np.mean(alike[rows]) < 0.5 * (1 - np.mean(unmoved[rows])), (alike, unmoved)


def test_masks_go_with_what_they_cover(pictures):
    clips = render(pictures, 12, 128, 3, dice(4))
    bare = clips.masks[8:]
    carried = sample(
        bare[:, 0],
        functional.interpolate(clips.source[8:, 2].permute(0, 3, 1, 2), (128, 128), mode="bilinear").permute(0, 2, 3, 1),
    )
    both = clips.known[8:, 2] * (bare[:, 2] > 0.5) * (carried > 0.5)
    either = clips.known[8:, 2] * ((bare[:, 2] > 0.5) | (carried > 0.5))
    assert both.sum() / either.sum() > 0.75
    assert (clips.masks.flatten(2).amax(2) > 0.5).float().mean() > 0.8
    assert 0.01 < clips.masks.mean() < 0.5


def test_perfect_answers_cost_nothing(pictures):
    network = Follower("tiny")
    clips = render(pictures, 3, 64, 2, dice(2))
    clips.source, clips.seen = plain(3, 8, 8, torch.device("cpu"))[:, None].expand(3, 2, 8, 8, 2), torch.ones(3, 2, 8, 8)
    answer = follow_clips(network, clips)[0]
    truth = (functional.avg_pool2d(clips.masks[:, 1], 2) > 0.5).float()
    clips.masks[:, 1] = functional.interpolate(truth, scale_factor=2.0)
    answer.logits, answer.alone = truth * 40 - 20, truth
    answer.agreement = torch.eye(64).expand(3, 64, 64) * 60
    terms, shown = losses(clips, [answer], 0.25)
    # What keys carry is never believed to more than a thousandth, which counts beside a small object.
    assert terms["outline"] < 0.02 and terms["found"] < 0.02 and terms["alone"] < 0.25, terms
    assert shown["overlap"] == 1 and shown["within_one"] == 1
    answer.logits = -answer.logits
    assert losses(clips, [answer], 0.25)[0]["outline"] > 2


def test_half_precision_sees_the_same(pictures):
    network = Follower("tiny").eval()
    clips = render(pictures, 2, 64, 3, dice(6))
    with torch.no_grad():
        whole = follow_clips(network, clips)
        with torch.autocast("cpu", torch.bfloat16):
            half = follow_clips(network, clips)
    for a, b in zip(whole, half, strict=True):
        assert b.logits.dtype == b.agreement.dtype == torch.float32
        assert (a.logits - b.logits).abs().mean() < 0.05 and (a.agreement - b.agreement).abs().max() < 0.3


def test_every_parameter_is_reached(pictures):
    run = trainer(pictures)
    before = {name: value.detach().clone() for name, value in run.network.named_parameters()}
    for _ in range(2):
        run.train_step()
    assert [name for name, value in run.network.named_parameters() if torch.equal(value, before[name])] == []


def test_learns_one_clip_by_heart_and_draws_better_than_its_keys_alone(pictures):
    run = trainer(pictures, batch=2, learning_rate=4e-3, warm_up=5, minutes=1e6)
    clips = run.clips(2, 5, 3)
    run.next_clips = lambda: clips  # type: ignore[method-assign]
    for _ in range(70):
        run.train_step()
        if run.step == 60:
            run.report()
    shown = run.report()
    assert shown["overlap"] > 0.85 and shown["overlap"] > shown["overlap_alone"] + 0.02, shown


def test_a_mask_that_does_not_move_stays(pictures):
    run = trainer(pictures, learning_rate=4e-3, warm_up=5, minutes=1e6)
    for _ in range(40):
        run.train_step()
    network = averaged(run.network, run.average.values, pictures, vars(run.settings), batches=4)
    clip = render(pictures, 1, 96, 2, dice(11))
    frames, mask = clip.frames[0, :1].expand(5, -1, -1, -1), (clip.masks[0, 0, 0] > 0.5).float()
    last = list(follow(network, frames, mask))[-1] >= 0.5
    assert (last & (mask > 0)).sum() / (last | (mask > 0)).sum() > 0.7


def test_a_run_that_is_stopped_goes_on_with_the_same_numbers(pictures, tmp_path):
    for pool in (1, 2):
        whole, first = trainer(pictures, pool=pool), trainer(pictures, pool=pool)
        for _ in range(3):
            whole.train_step()
        first.train_step()
        first.save(tmp_path / "checkpoint")
        first.save(tmp_path / "small", half=True)
        for folder, apart in (("checkpoint", 1e-5), ("small", 2e-2)):
            second = trainer(pictures, pool=pool)
            second.resume(tmp_path / folder)
            for _ in range(2):
                second.train_step()
            for name, value in whole.network.state_dict().items():
                assert torch.allclose(value.float(), second.network.state_dict()[name].float(), atol=apart), (folder, name)


def test_a_run_ends_when_its_time_is_over(pictures, tmp_path):
    command = [
        "--out",
        str(tmp_path),
        "--device",
        "cpu",
        "--minutes",
        "0.02",
        "--variant",
        "tiny",
        "--batch",
        "2",
        "--size",
        "64",
    ]
    arguments = run_parser(None, Settings(), "").parse_args(command)
    start, known, changes = begin(arguments, Settings())
    run = Trainer(Settings(**known | changes), pictures, torch.device("cpu"))
    go(run, arguments, start, lambda path: None)
    assert run.progress == 1 and 60 * 0.02 <= run.elapsed < 8
    assert begin(arguments, Settings())[0] == tmp_path / "checkpoint"


def test_the_exported_graphs_agree(pictures, tmp_path):
    pytest.importorskip("onnxruntime")
    run = trainer(pictures)
    run.train_step()
    network = averaged(run.network, run.average.values, pictures, vars(run.settings), batches=2)
    assert export_graphs(network, tmp_path) < 1e-3
    assert {path.name for path in tmp_path.glob("*.onnx")} == {"encode.onnx", "follow.onnx", "remember.onnx"}


def test_what_is_judged_with_is_not_learned_from(tmp_path):
    pytest.importorskip("cv2")
    media = tmp_path / "train"
    (media / "photo").mkdir(parents=True)
    Image.fromarray(texture("oil", 1, 208, 288).permute(1, 2, 0).numpy()).save(media / "photo/a.png")
    rows = ["path\tlicence", "train/photo/a.png\tCC0", *(f"{path}\tCC0" for path in HELD_OUT)]
    (tmp_path / "LICENSES.tsv").write_text("\n".join(rows) + "\n")
    assert prepare(media, tmp_path / "LICENSES.tsv", tmp_path / "out", stills=False) == {"photo": 1, "drawn": 0, "clip": 0}
    assert [entry["path"] for entry in json.loads((tmp_path / "out/index.json").read_text())] == ["train/photo/a.png"]


def test_every_drawn_clip_is_held_out():
    from lumiere_training.correspondence.evaluate import MASKS

    clips = {json.loads(path.read_text())["clip"] for path in MASKS.rglob("*.json")}
    assert clips and {clip for clip in clips if clip.startswith("train/")} <= set(HELD_OUT)


def test_masks_are_scored_as_the_tracker_is(tmp_path):
    cv2 = pytest.importorskip("cv2")
    square = [10, 10, 50, 10, 50, 40, 10, 40]
    truth = outline(square, 1, 60, 80)
    assert truth.sum() == 40 * 30 and truth[10, 10] and not truth[9, 10] and truth[39, 49] and not truth[40, 49]
    moved = np.roll(truth, 4, 1)
    assert score(moved, truth) == (pytest.approx(36 / 44), 1.0)  # four pixels are within the growth of eight
    assert score(np.roll(truth, 18, 1), truth)[1] == pytest.approx(30 / 40)
    assert score(np.zeros_like(truth), truth) == (0, 0)
    # A clip that stands still, from its file to the table.
    writer = cv2.VideoWriter(str(tmp_path / "a.avi"), cv2.VideoWriter_fourcc(*"MJPG"), 10, (80, 60))
    for _ in range(4):
        writer.write(np.ascontiguousarray(texture("mosaic", 2, 60, 80).permute(1, 2, 0).numpy()))
    writer.release()
    about = {"clip": "a.avi", "width": 80, "height": 60, "object": "square", "tuned": False, "frames": {"0": square, "3": square}}
    (tmp_path / "a.json").write_text(json.dumps(about))
    clip = load(tmp_path / "a.json", tmp_path)
    assert clip.frames.shape == (4, 3, 60, 80) and np.array_equal(clip.masks[3], truth)
    row = judge(Follower("tiny").eval(), clip, 2, True, tmp_path / "sheets")
    assert 0 <= row["IoU"] <= 1 and (tmp_path / "sheets/a-alone.png").exists()


def test_nothing_appears_far_from_the_last_mask():
    last = torch.zeros(1, 1, 96, 128)
    last[:, :, 40:48, 24:32] = 1
    mask = drawn(torch.full((1, 1, 48, 64), 9.0), last)[0, 0] > 0.5
    assert mask[24:64, 8:48].all() and mask.sum() == 40 * 40  # the cell and two more on each side
    assert drawn(torch.full((1, 1, 48, 64), -9.0), last).max() < 1e-3


def test_a_cells_mask_is_put_together_again():
    mask = torch.rand(1, 1, 32, 48)
    assert torch.allclose(functional.pixel_shuffle(cells(mask), 4), functional.avg_pool2d(mask, 2))
