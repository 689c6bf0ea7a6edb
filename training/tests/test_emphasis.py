"""Prompts without their colours and directions: a golden file that the TypeScript side repeats, and the whole grammar."""

import json
from pathlib import Path

from lumiere_training.emphasis import COLOURS, without_named
from lumiere_training.tokenizer import split_words
from lumiere_training.world import words as w

GOLDEN = Path(__file__).with_name("emphasis_golden.json")


def said(table):
    return [text for texts in table.values() for text in texts if text]


def test_golden():
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert {prompt: without_named(prompt) for prompt in golden} == golden


def test_every_colour_background_and_direction_of_the_grammar_is_left_out():
    colours = [*said(w.COLOURS_EN), *said(w.COLOURS_IT)]
    assert {word for colour in colours for word in split_words(colour)} == COLOURS
    directions = [*said(w.DIRECTIONS_EN), *said(w.DIRECTIONS_IT)]
    grounds = [ground.format(colour) for ground in (*w.BACKGROUND_EN, *w.BACKGROUND_IT) for colour in colours]
    for phrase in (*colours, *directions, *grounds):
        assert without_named(f"confetti {phrase} e pioggia") == "confetti e pioggia", phrase


def test_nothing_else_of_the_grammar_is():
    tables = (w.SIZES_EN, w.SIZES_IT, w.COUNTS_EN, w.COUNTS_IT, w.SPEEDS_EN, w.SPEEDS_IT, w.LIGHTS_EN, w.LIGHTS_IT)
    styles = (w.STYLES_EN, w.STYLES_IT)
    for phrase in (text for table in (*tables, *styles) for text in said(table)):
        assert without_named(phrase) == " ".join(split_words(phrase)), phrase
