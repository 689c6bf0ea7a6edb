"""Photographs and clips as a second source, on pictures that the test draws."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import torch
from PIL import Image

from lumiere_training.media import MediaSource, prepare
from lumiere_training.settings import Settings, parse_stages
from lumiere_training.source import Planner, Source, make_plan
from lumiere_training.tokenizer import Tokenizer


@pytest.fixture()
def folder(tmp_path: Path) -> Path:
    """Two photographs, prepared: one red, one blue, each darker to the right."""
    pictures = tmp_path / "train" / "photo"
    pictures.mkdir(parents=True)
    ramp = torch.linspace(255, 40, 300).to(torch.uint8).expand(200, 300).numpy()
    nothing = Image.new("L", (300, 200))
    Image.merge("RGB", (Image.fromarray(ramp), nothing, nothing)).save(pictures / "red.png")
    Image.merge("RGB", (nothing, nothing, Image.fromarray(ramp))).save(pictures / "blue.png")
    (pictures / "unnamed.png").write_bytes((pictures / "red.png").read_bytes())
    (pictures / "broken.png").write_bytes(b"no picture")
    with open(tmp_path / "licences.tsv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, delimiter="\t")
        rows.writerow(("path", "note", "licence"))
        rows.writerows((f"train/photo/{name}.png", note, "CC0") for name, note in (("red", "a red wall"), ("blue", ""), ("broken", "")))
    counts = prepare(tmp_path / "train", tmp_path / "licences.tsv", tmp_path / "media")
    assert counts == {"photo": 2, "video": 0, "skipped": 1}, "files without a licence are not looked at"
    return tmp_path / "media"


def test_a_photograph_becomes_a_clip_of_its_colour_with_its_note(folder: Path):
    clips, texts = MediaSource(folder).sample(12, 8, 32, 2.5, 3)
    assert clips.shape == (12, 8, 3, 32, 32) and clips.dtype == torch.uint8
    for clip, text in zip(clips.float(), texts):
        red, _, blue = clip.mean(dim=(0, 2, 3))
        assert red > 4 * blue if text.startswith("a red wall") else blue > 4 * red
    again, _ = MediaSource(folder).sample(12, 8, 32, 2.5, 3)
    assert torch.equal(clips, again)


def test_a_pool_holds_its_share_of_media_where_their_captions_are_dealt(folder: Path):
    stages = parse_stages("8x16x2.5@0.5,8x32x2.5@1", "4", media="0,0.5")
    assert [stage.media_share for stage in stages] == [0, 0.5]
    settings, tokenizer = Settings(variant="tiny", stages=stages, pool_batches=2, reuse=2), Tokenizer()
    assert len(make_plan(settings, tokenizer, 0, 0, folder).places) == 0
    plan = make_plan(settings, tokenizer, 1, 0, folder)
    assert len(plan.places) == 4
    source = Source(settings, torch.device("cpu"), tokenizer, folder)
    wall = tokenizer.batch(["a red wall"])[0][:4]
    walls = 0
    for number in range(4):
        batch = source.batch(1, number)
        for clip, tokens in zip(batch.clean, batch.tokens):
            if torch.equal(tokens[:4], wall):
                walls += 1
                red, green, blue = clip.mean(dim=(0, 2, 3))
                assert red > -0.9 and green < -0.95 and blue < -0.95
    assert walls == 2 * sum(float(clip[:, 0].float().mean()) > 20 for clip in plan.media), "each lap deals every clip once"
    planner = Planner(settings, tokenizer, 1, folder)
    try:
        assert torch.equal(planner.plan(1, 0).media, plan.media)
    finally:
        planner.close()
