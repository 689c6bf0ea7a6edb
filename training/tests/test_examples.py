"""Pictures beside prompts: made by the pack itself, vouched for by its manifest."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("onnxruntime")

from lumiere_training.examples import add_examples
from lumiere_training.onnx_files import sha256

TINY = Path(__file__).resolve().parents[2] / "tests/fixtures/packs/tiny"
PROMPTS = [{"en": "a red ball", "it": "una palla rossa", "seed": 4}, {"en": "snow", "it": "neve"}]


@pytest.fixture
def pack(tmp_path):
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def test_examples_are_frames_of_the_pack_side_by_side(pack):
    data = add_examples(pack, PROMPTS, frames=5, threads=1)
    assert data == json.loads((pack / "lumiere-pack.json").read_text())
    assert [one["prompt"] for one in data["examples"]] == [{"en": one["en"], "it": one["it"]} for one in PROMPTS]
    for one in data["examples"]:
        path = pack / one["picture"]["file"]
        assert sha256(path) == one["picture"]["sha256"]
        assert path.stat().st_size == one["picture"]["bytes"]
        with Image.open(path) as picture:
            assert picture.format == "WEBP"
            assert picture.size == (5 * data["width"], data["height"])


def test_made_again_they_take_the_place_of_the_old_ones(pack):
    add_examples(pack, PROMPTS, frames=3, threads=1)
    before = np.asarray(Image.open(pack / "example-0.webp"))
    data = add_examples(pack, PROMPTS[:1], frames=3, threads=1)
    assert len(data["examples"]) == 1
    assert [path.name for path in pack.glob("example-*")] == ["example-0.webp"]
    assert (np.asarray(Image.open(pack / "example-0.webp")) == before).all()
    add_examples(pack, [{**PROMPTS[0], "seed": 5}], frames=3, threads=1)
    assert (np.asarray(Image.open(pack / "example-0.webp")) != before).any()


def test_words_that_the_pack_only_spells_are_refused_and_nothing_is_lost(pack):
    before = add_examples(pack, PROMPTS, frames=3, threads=1)
    with pytest.raises(ValueError, match="zeppelin"):
        add_examples(pack, [{"en": "a red zeppelin", "it": "neve"}], frames=3, threads=1)
    assert json.loads((pack / "lumiere-pack.json").read_text()) == before
    assert all((pack / one["picture"]["file"]).exists() for one in before["examples"])
