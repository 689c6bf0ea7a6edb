"""The reranker: what agrees and what does not, that it learns, and that its graph is the network."""

import json

import pytest
import torch

from lumiere_training.reranker.choose import generate_chosen
from lumiere_training.reranker.networks import COMPARED, TINY, VALUES, ClipReader, Reranker, classes, look
from lumiere_training.reranker.train import (
    Scenes,
    accuracies,
    degrade,
    draw_words,
    expectation,
    load_reranker,
    mirrored,
    reading_loss,
    save_reranker,
)
from lumiere_training.tokenizer import MAX_TOKENS, Tokenizer
from lumiere_training.world import ATTRIBUTES, draw_labels
from lumiere_training.world.attributes import visible

RED, BLUE = (ATTRIBUTES["colour"].index(name) for name in ("red", "blue"))


class Says(torch.nn.Module):
    """A reader that is sure of given values, and expects nothing else of the rest."""

    def __init__(self, sure, tables):
        super().__init__()
        self.sure, self.tables = sure, tables

    def forward(self, _):
        logits = {}
        for name, size in VALUES.items():
            family = self.sure.get("family")
            values = self.tables[name].mean(0) if family is None or name == "family" else self.tables[name][family]
            logits[name] = values.clamp(min=1e-6).log()[None]
            if name in self.sure:
                logits[name] = torch.full((1, size), -20.0).index_fill(1, torch.tensor([self.sure[name]]), 0.0)
        return logits


def agreement(words, clip):
    tables = expectation(4000)
    reranker = Reranker(8, **TINY)
    for name, table in tables.items():
        getattr(reranker, f"expected_{name}").copy_(table)
    reranker.words, reranker.clips = Says(words, tables), Says(clip, tables)
    return dict(zip(COMPARED, reranker(torch.zeros(1, 4), torch.zeros(1, 1))[0].tolist()))


def test_what_is_said_and_shown_counts_for_and_what_is_shown_otherwise_against():
    ball = ATTRIBUTES["family"].index("ball")
    same = agreement({"family": ball, "colour": RED}, {"family": ball, "colour": RED})
    other = agreement({"family": ball, "colour": RED}, {"family": ball, "colour": BLUE})
    assert same["colour"] > 1.5 and other["colour"] < -1
    assert same["family"] > 2 and abs(same["family"] - other["family"]) < 1e-5


def test_what_is_left_open_agrees_with_anything():
    ball = ATTRIBUTES["family"].index("ball")
    for colour in (RED, BLUE):
        open_colour = agreement({"family": ball}, {"family": ball, "colour": colour})
        assert abs(open_colour["colour"]) < 0.3
    nothing = agreement({}, {"family": ball, "colour": RED})
    assert all(abs(value) < 0.3 for value in nothing.values())


def test_absent_is_a_class_of_its_own_and_every_attribute_is_read():
    labels = classes(visible(draw_labels(200, 3)))
    assert set(labels) == set(VALUES)
    for name, values in labels.items():
        assert values.min() >= 0 and values.max() < VALUES[name]
    assert (labels["colour"] == len(ATTRIBUTES["colour"])).any()


def test_a_mirror_image_moves_the_other_way():
    labels = classes(visible(draw_labels(300, 5)))
    turned = mirrored(labels, torch.ones(300, dtype=torch.bool))
    left, right = (ATTRIBUTES["direction"].index(name) for name in ("left", "right"))
    assert torch.equal(turned["direction"] == left, labels["direction"] == right)
    assert torch.equal(turned["colour"], labels["colour"])
    back = mirrored(turned, torch.ones(300, dtype=torch.bool))
    assert all(torch.equal(back[name], labels[name]) for name in labels)


def test_clips_are_looked_at_evenly_and_small():
    video = torch.zeros(1, 40, 3, 64, 64, dtype=torch.uint8)
    video += torch.arange(40, dtype=torch.uint8).view(1, 40, 1, 1, 1)
    seen = look(video)
    assert seen.shape == (1, 16, 3, 32, 32)
    assert (seen[0, :, 0, 0, 0] * 255).round().tolist() == [0, 3, 5, 8, 10, 13, 16, 18, 21, 23, 26, 29, 31, 34, 36, 39]
    soft = degrade(seen.expand(6, -1, -1, -1, -1), torch.Generator().manual_seed(1))
    assert soft.shape == (6, 16, 3, 32, 32) and soft.min() >= 0 and soft.max() <= 1


def test_words_among_others_are_still_of_their_scene():
    tokenizer = Tokenizer()
    tokens, labels = draw_words(tokenizer, 64, 9)
    plain, _ = draw_words(tokenizer, 64, 9, keep=1.0)
    assert tokens.shape == (64, MAX_TOKENS) and len(labels["family"]) == 64
    assert not torch.equal(tokens, plain)


def test_both_readers_learn():
    torch.manual_seed(0)
    reader = ClipReader(TINY["channels"])
    scenes = Scenes(room=48, first=48)
    optimiser = torch.optim.AdamW(reader.parameters(), 1e-2)
    dice = torch.Generator().manual_seed(0)
    losses = []
    for _ in range(30):
        clips, labels = scenes.batch(24, dice)
        loss = reading_loss(reader(clips), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert sum(losses[-5:]) < 0.8 * sum(losses[:5])
    clips, labels = scenes.batch(24, dice)
    assert set(accuracies(reader(clips), labels)) == set(VALUES)


def test_it_is_kept_and_read_back(tmp_path):
    pieces = Tokenizer().pieces
    reranker = Reranker(len(pieces))
    save_reranker(tmp_path / "kept", reranker, pieces, {"scenes": 3})
    again, state = load_reranker(tmp_path / "kept")
    assert state["facts"] == {"scenes": 3} and state["vocabulary"] == pieces
    assert torch.allclose(again.clips.heads["colour"].weight, reranker.clips.heads["colour"].weight, atol=1e-3)


@pytest.mark.filterwarnings("ignore")
def test_a_pack_gains_its_graph_once_and_only_with_its_own_words(tmp_path):
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    from lumiere_training import onnx_files
    from lumiere_training.export import export_pack
    from lumiere_training.model import build_model
    from lumiere_training.reranker.export import export_reranker
    from lumiere_training.settings import Settings

    pieces = Tokenizer().pieces
    export_pack(build_model("tiny"), Settings(variant="tiny"), pieces, tmp_path, "tiny", frames=8, size=32, seconds=2.5)
    before = (tmp_path / "lumiere-pack.json").read_text()
    with pytest.raises(ValueError, match="another vocabulary"):
        export_reranker(Reranker(len(pieces), **TINY), pieces[:-1], tmp_path, "0.2.0")
    assert (tmp_path / "lumiere-pack.json").read_text() == before
    for version in ("0.2.0", "0.3.0"):
        data = export_reranker(Reranker(len(pieces), **TINY), pieces, tmp_path, version, {"scenes": 5})
    assert data == json.loads((tmp_path / "lumiere-pack.json").read_text())
    assert data["version"] == "0.3.0" and data["training"]["reranker"]["scenes"] == 5
    component = data["components"]["reranker"]
    assert [one["shape"] for one in component["inputs"]] == [[1, 32], [1, 16, 3, 32, 32]]
    assert [one["shape"] for one in component["outputs"]] == [[1, len(COMPARED)]]
    for entry in [component, *component["externalData"]]:
        assert onnx_files.sha256(tmp_path / entry["file"]) == entry["sha256"]
    card = (tmp_path / "MODEL_CARD.md").read_text()
    assert "(tiny 0.3.0)" in card and card.count("compares the beginnings") == 1


class Grey(torch.nn.Module):
    """Stands in for the generator: half of the noise stays in the clip."""

    def text(self, tokens):
        return tokens.float(), torch.ones_like(tokens).float()

    def unet(self, sample, timestep, *_):
        return sample[:, :, :3] * 0.5 / (0.5 + timestep)


def test_the_candidate_that_agrees_is_the_one_that_is_made():
    tokenizer = Tokenizer()
    calls = []

    def agreement(_, clip):
        calls.append(clip)
        # Each candidate and its mirror image, the second fits; then the clip and its mirror image, which fits better.
        return torch.tensor([[3.0 if len(calls) in (3, 8) else 0.0]])

    options = dict(steps=10, guidance=2.0, shift=4.0)

    def make(judge, count, seed):
        return generate_chosen(Grey(), judge, tokenizer, "fire", (8, 32, 32), 2.5, candidates=count, seed=seed, **options)

    clip, chosen = make(agreement, 3, 5)
    assert chosen == {"agreements": [0.0, 3.0, 0.0], "number": 1, "mirrored": True}
    alone, _ = make(lambda *_: torch.zeros(1, 1), 1, 6)
    assert torch.allclose(clip.flip(-1), alone, atol=1e-5) and not torch.allclose(clip, alone, atol=1e-2)


def test_every_second_step_is_compared_with_the_prompt_without_its_colours():
    tokenizer = Tokenizer()
    asked = []

    class Reads(Grey):
        def unet(self, sample, timestep, seconds, text, mask):
            asked.append(text.long()[0].tolist())
            return super().unet(sample, timestep)

    def make(text, emphasis):
        asked.clear()
        options = dict(candidates=1, steps=4, guidance=2.0, shift=4.0, seed=1, emphasis=emphasis)
        generate_chosen(Reads(), lambda *_: torch.zeros(1, 1), tokenizer, text, (8, 32, 32), 2.5, **options)
        return asked[1::2]

    rest, empty = tokenizer.batch(["a ball", ""]).tolist()
    assert make("a red ball", 2.0) == [rest, empty, rest, empty]
    assert make("a red ball", 0.0) == make("a ball", 2.0) == [empty] * 4
