"""Captions and tokens: golden values that the TypeScript tokenizer must repeat."""

import json
import unicodedata
from pathlib import Path

import torch

from lumiere_training.text import TextEncoder
from lumiere_training.tokenizer import BEGIN, PAD, UNKNOWN, VOCABULARY_FILE, Tokenizer, build_vocabulary, split_words
from lumiere_training.world import FAMILY_NAMES, draw_labels, words
from lumiere_training.world.captions import caption, captions, swapped

GOLDEN = Path(__file__).with_name("tokenizer_golden.json")
EVERYDAY = Path(__file__).with_name("everyday_prompts.json")


def test_vocabulary_file_is_the_grammars():
    assert VOCABULARY_FILE.read_text(encoding="utf-8").splitlines() == build_vocabulary()
    assert len(set(build_vocabulary())) == len(build_vocabulary())


def test_golden_tokens():
    tokenizer = Tokenizer()
    for case in json.loads(GOLDEN.read_text(encoding="utf-8")):
        assert split_words(case["text"]) == case["words"], case["text"]
        assert [n for n in tokenizer.encode(case["text"]) if n != PAD] == case["tokens"], case["text"]


def test_everyday_prompts():
    tokenizer = Tokenizer()
    for case in json.loads(EVERYDAY.read_text(encoding="utf-8")):
        assert [n for n in tokenizer.encode(case["text"]) if n != PAD] == case["tokens"], case["text"]
        assert [w for w in split_words(case["text"]) if tokenizer.form(w) is None] == case["unknown"], case["text"]


def test_forms_are_read_as_the_vocabularys():
    tokenizer = Tokenizer()
    assert tokenizer.encode("onde sulle colline dei boschi") == tokenizer.encode("onde sulla colline del bosco")
    assert tokenizer.encode("snow falls across the hill") == tokenizer.encode("snow falling over the hills")
    assert [tokenizer.form(w) for w in ("aereo", "porto", "even", "behind", "tra")] == [None] * 5


def test_known_words_are_read_as_themselves():
    tokenizer = Tokenizer()
    for number, piece in enumerate(tokenizer.pieces):
        if split_words(piece) == [piece]:
            assert tokenizer.word(piece) == [number]
    assert tokenizer.word("dalle") == [tokenizer.number["dall"], tokenizer.number["##e"]]


def test_splitting_cuts_at_all_but_letters_and_digits():
    assert split_words("Città-ALTA, 3 l'onda") == ["città", "alta", "3", "l", "onda"]
    assert split_words(unicodedata.normalize("NFD", "Città")) == ["città"]
    assert split_words("  ...  ") == []


def test_unknown_words_and_empty_prompt():
    tokenizer = Tokenizer()
    assert tokenizer.encode("")[:2] == [BEGIN, PAD]
    assert UNKNOWN in tokenizer.encode("дом")
    assert UNKNOWN not in tokenizer.encode("xylophone")
    assert len(tokenizer.encode("red " * 90)) == 32


def test_every_caption_is_known_and_fits():
    tokenizer = Tokenizer()
    labels = draw_labels(200, 1)
    for language in ("en", "it"):
        for text in captions(labels, 5, language, keep=1.0):
            assert text and "  " not in text and "{" not in text
            assert UNKNOWN not in tokenizer.encode(text), text
            assert tokenizer.encode(text)[-1] == PAD, f"too long: {text}"


def test_both_languages_describe_every_family():
    assert set(words.FAMILIES_EN) == set(words.FAMILIES_IT) == set(FAMILY_NAMES)


def test_captions_vary_and_repeat_by_seed():
    labels = draw_labels(50, 1)
    assert captions(labels, 1) == captions(labels, 1)
    assert len(set(captions(labels, 1)) & set(captions(labels, 2))) < 20


def test_swapping_one_attribute_changes_only_its_words():
    labels = {name: int(values[0]) for name, values in draw_labels(1, 6, ["ball"]).items()}
    labels["style"] = 0
    changed = swapped(labels, "direction", 1)
    assert changed is not None and changed["direction"] != labels["direction"]
    before, after = caption(labels, 3, "en", 1.0).split(), caption(changed, 3, "en", 1.0).split()
    assert before != after
    known = {w for phrases in words.DIRECTIONS_EN.values() for p in phrases for w in p.split()}
    assert {w.strip(",") for w in set(before) ^ set(after)} <= known


def test_padding_does_not_reach_the_features():
    torch.manual_seed(0)
    encoder = TextEncoder(50, width=32, layers=2).eval()
    short, mask = encoder(torch.tensor([[2, 7, 9, 0, 0, 0]]))
    other, _ = encoder(torch.tensor([[2, 7, 9, 0, 0, 0, 0, 0]]))
    assert torch.allclose(short[:, :3], other[:, :3], atol=1e-5)
    assert mask.tolist() == [[1, 1, 1, 0, 0, 0]]
