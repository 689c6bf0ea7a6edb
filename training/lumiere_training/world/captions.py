"""Captions of labelled scenes: synonyms, paraphrases, partial captions, English and Italian.

`caption` is pure. Every part of the sentence throws its own dice, seeded by the part's name, so
that a caption with one attribute changed differs in that attribute alone (train.py measures the
loss on such pairs: the caption-swap gap).
"""

from __future__ import annotations

import random
from zlib import crc32

from ..settings import mix
from . import words as w
from .attributes import ATTRIBUTES, visible

Labels = dict[str, str]
VOWELS = "aeiou"
ITALIAN_SHARE = 0.3
KEYWORD_SHARE = 0.12  # captions that are only words and commas, as people type them


def to_names(labels: dict[str, int]) -> Labels:
    """Integer labels of one sample -> value names, absent attributes left out."""
    return {name: ATTRIBUTES[name][index] for name, index in labels.items() if index >= 0}


class _Dice:
    """One throw per part of the sentence. Hashed integers: a `random.Random` each costs 20 times more,
    and a GPU asks for thousands of captions a second."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def _throw(self, part: str) -> int:
        return mix(self.seed, crc32(part.encode()))

    def pick(self, part: str, choices: tuple) -> object:
        return choices[self._throw(part) % len(choices)]

    def chance(self, part: str) -> float:
        return (self._throw(part) % 1_000_003) / 1_000_003


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _article(phrase: str) -> str:
    return ("an " if phrase[:1] in VOWELS else "a ") + phrase


def _english_subject(labels: Labels, dice: _Dice) -> str:
    words = w.FAMILIES_EN[labels["family"]]
    if labels["family"] == "sunset":
        return str(dice.pick("noun", words[labels.get("direction") or "down"]))
    singular, plural = dice.pick("noun", words["nouns"])
    count = labels.get("count")
    many = words.get("number") == "p" or (count is not None and count != "1")
    noun = plural if many and plural else singular
    colour = str(dice.pick("colour word", w.COLOURS_EN[labels["colour"]])) if "colour" in labels else ""
    size = str(dice.pick("size word", w.SIZES_EN[labels["size"]])) if "size" in labels else ""
    density = labels.get("density")
    amount = str(dice.pick("density word", words.get(density, ("",)))) if density in ("few", "many") else ""
    if labels["family"] in ("stars",) and amount:
        noun = "night sky"
    phrase = _join(size, colour, noun)
    if count is not None:
        number = str(dice.pick("count word", w.COUNTS_EN[count]))
        return _article(phrase) if number == "a" else _join(number, phrase)
    if amount:
        return _join(amount, phrase)
    return _article(phrase) if noun in w.COUNTABLE_EN and dice.chance("article") < 0.6 else phrase


def _italian_subject(labels: Labels, dice: _Dice) -> str:
    words = w.FAMILIES_IT[labels["family"]]
    if labels["family"] == "sunset":
        return str(dice.pick("noun", words[labels.get("direction") or "down"]))
    singular, plural, gender = dice.pick("noun", words["nouns"])
    count = labels.get("count")
    many = words.get("number") == "p" or gender.endswith("p") or (count is not None and count != "1")
    noun = plural if many and plural else singular
    form = (1 if gender[0] == "f" else 0) + (2 if many else 0)
    colour = w.COLOURS_IT[labels["colour"]][form] if "colour" in labels else ""
    size = w.SIZES_IT[labels["size"]][form] if "size" in labels else ""
    density = labels.get("density")
    amount = str(dice.pick("density word", words.get(density, ("",)))) if density in ("few", "many") else ""
    if labels["family"] == "stars" and amount:
        noun = "cielo"
    phrase = _join(noun, amount, size, colour) if words.get("after") else _join(amount, noun, size, colour)
    if count is None or count not in w.COUNTS_IT:
        if count == "1":
            return _join(
                "una" if gender[0] == "f" else "uno" if noun.startswith("s") and noun[1:2] not in VOWELS else "un", phrase
            )
        return phrase
    return _join(str(dice.pick("count word", w.COUNTS_IT[count])), phrase)


def _motion(labels: Labels, dice: _Dice, italian: bool) -> str:
    words = (w.FAMILIES_IT if italian else w.FAMILIES_EN)[labels["family"]]
    directions, speeds = (w.DIRECTIONS_IT, w.SPEEDS_IT) if italian else (w.DIRECTIONS_EN, w.SPEEDS_EN)
    speed = str(dice.pick("speed word", speeds[labels["speed"]])) if "speed" in labels else ""
    if labels["family"] == "sunset":
        return speed
    direction = str(dice.pick("direction word", directions[labels["direction"]])) if "direction" in labels else ""
    verb = str(dice.pick("verb", words["verbs"])) if "verbs" in words else ""
    if not direction and not speed and dice.chance("verb alone") < 0.5:
        return ""
    return _join(verb, speed, direction) if dice.chance("motion order") < 0.5 else _join(verb, direction, speed)


def caption(labels: dict[str, int] | Labels, seed: int, language: str | None = None, keep: float = 0.75) -> str:
    """One caption. `keep` is the chance that an optional attribute is named (1 names them all).

    `language` is "en", "it" or None (by the dice). The empty string never comes back.
    """
    names = {k: v for k, v in labels.items()} if isinstance(labels["family"], str) else to_names(labels)  # type: ignore[arg-type]
    dice = _Dice(seed)
    italian = (language or ("it" if dice.chance("language") < ITALIAN_SHARE else "en")) == "it"
    kept = {
        k: v
        for k, v in names.items()
        if k in ("family",) or dice.chance(f"keep {k}") < keep or (k == "direction" and names["family"] == "sunset")
    }
    subject = _italian_subject(kept, dice) if italian else _english_subject(kept, dice)
    motion = _motion(kept, dice, italian)
    lights, cameras, styles = (w.LIGHTS_IT, w.CAMERAS_IT, w.STYLES_IT) if italian else (w.LIGHTS_EN, w.CAMERAS_EN, w.STYLES_EN)
    tail = []
    if "background" in kept:
        colour = w.COLOURS_IT[kept["background"]][0] if italian else w.COLOURS_EN[kept["background"]][0]
        tail.append(str(dice.pick("background phrase", w.BACKGROUND_IT if italian else w.BACKGROUND_EN)).format(colour))
    if "light" in kept:
        tail.append(str(dice.pick("light word", lights[kept["light"]])))
    ends = []
    if "camera" in kept:
        ends.append(str(dice.pick("camera word", cameras[kept["camera"]])))
    style = str(dice.pick("style word", styles[kept["style"]])) if "style" in kept else ""
    if dice.chance("keywords") < KEYWORD_SHARE:
        parts = [subject, motion, *tail, *ends, style]
        random.Random(f"{seed}/shuffle").shuffle(parts)
        return ", ".join(part for part in parts if part)
    sentence = _join(subject, motion, *tail)
    if style and dice.chance("style first") < 0.35:
        sentence, style = f"{style}: {sentence}", ""
    return ", ".join(part for part in (sentence, *ends, style) if part)


def captions(labels: dict, seed: int, language: str | None = None, keep: float = 0.75) -> list[str]:
    """Captions of a batch of label tensors, one seed a sample."""
    columns = {name: values.tolist() for name, values in visible(labels).items()}
    count = len(columns["family"])
    return [
        caption({name: column[row] for name, column in columns.items()}, seed * 1_000_003 + row, language, keep)
        for row in range(count)
    ]


def swapped(labels: dict[str, int], attribute: str, seed: int) -> dict[str, int] | None:
    """The same labels with another value of `attribute` that the family allows; None when it has none."""
    from .families import FAMILIES

    if labels[attribute] < 0:
        return None
    if attribute == "family":
        return None
    options = [v for v in FAMILIES[labels["family"]].options.indices(attribute) if v != labels[attribute]]
    if not options:
        return None
    return {**labels, attribute: random.Random(seed).choice(options)}


def grammar_words() -> list[str]:
    """Every word that the grammar can produce, sorted: the source of the tokenizer's vocabulary."""
    from ..tokenizer import split_words

    found: set[str] = set(w.EXTRA_WORDS) | {"a", "an", "un", "una", "uno", "night", "sky", "cielo"}

    def collect(value: object) -> None:
        if isinstance(value, str):
            found.update(split_words(value.replace("{}", " ")))
        elif isinstance(value, dict):
            for item in value.values():
                collect(item)
        elif isinstance(value, (tuple, list)):
            for item in value:
                collect(item)

    for name in dir(w):
        if name.isupper():
            collect(getattr(w, name))
    found -= {"f", "m", "p", "fp", "mp"}
    return sorted(found)
