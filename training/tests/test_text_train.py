"""The caption encoder's own lesson: it learns to read, and a run of the U-Net begins with it."""

import pytest
import torch

from lumiere_training import text_train
from lumiere_training.text_train import Reader, accuracies, draw, load_text, reading_loss, save_text
from lumiere_training.tokenizer import Tokenizer
from lumiere_training.train import parser, train
from lumiere_training.world.attributes import ABSENT


def test_it_learns_to_read_captions_of_combinations_it_has_not_seen():
    torch.manual_seed(0)
    tokenizer = Tokenizer()
    reader = Reader(len(tokenizer), width=64, layers=1)
    before = accuracies(reader, tokenizer, 400, 3)
    text_train.train(reader, tokenizer, steps=80, batch=64, rate=4e-3, seed=1)
    after = accuracies(reader, tokenizer, 400, 3)
    assert before["family"] < 0.15 and after["family"] > 0.5
    assert after["colour"] > before["colour"] + 0.2


def test_attributes_that_a_scene_lacks_cost_nothing():
    tokenizer = Tokenizer()
    tokens, labels = draw(tokenizer, 64, 4)
    logits = Reader(len(tokenizer), width=64, layers=1)(tokens)
    assert bool((labels["count"] == ABSENT).any())
    loss = reading_loss(logits, labels)
    absent = labels["count"] == ABSENT
    logits["count"] = torch.where(absent[:, None], torch.full_like(logits["count"], 50.0).cumsum(1), logits["count"])
    assert torch.equal(reading_loss(logits, labels), loss)


def test_a_run_begins_with_the_kept_encoder_and_refuses_one_of_other_words(tmp_path):
    tokenizer = Tokenizer()
    encoder = text_train.TextEncoder(len(tokenizer), 32, 1)
    save_text(tmp_path / "text", encoder, tokenizer.pieces, {})
    plain = "--variant tiny --steps 1 --stages 8x16x2.5@1 --batch 2 --pool-batches 1 --device cpu --lr 1e-9".split()
    trainer = train(parser().parse_args([*plain, "--out", str(tmp_path / "run"), "--text", str(tmp_path / "text")]))
    kept = encoder.embedding.weight.half().float()
    assert torch.allclose(trainer.model.text.embedding.weight, kept, atol=1e-6)
    assert torch.allclose(trainer.average.values["text.embedding.weight"], kept, atol=1e-6)
    save_text(tmp_path / "other", encoder, tokenizer.pieces[:-1], {})
    with pytest.raises(ValueError, match="vocabulary"):
        load_text(tmp_path / "other", tokenizer.pieces)
