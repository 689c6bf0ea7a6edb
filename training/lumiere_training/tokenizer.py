"""Text to token numbers, simple enough to be written again in TypeScript with the same result.

1. Unicode NFC, then lower case.
2. Words are the longest runs of letters and digits (general categories L* and N*); all else divides.
3. A word that the vocabulary does not know is read as the nearest form that it has (forms.py):
   sulle as sulla, falls as falling.
4. Each word is cut from the left into the longest pieces of the vocabulary; every piece but a
   word's first carries the prefix `##`. A word that cannot be cut becomes one `[unk]`.
5. `[bos]`, the pieces, cut or padded with `[pad]` to `MAX_TOKENS`.

The vocabulary is the file `vocabulary.txt`: one piece a line, its number is its line from 0.
The empty prompt is `[bos]` alone: the unconditional half of guidance.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import torch
from torch import Tensor

from .forms import SHORTEST_STEM, nearest_form

MAX_TOKENS = 32
PAD, UNKNOWN, BEGIN = 0, 1, 2
SPECIALS = ("[pad]", "[unk]", "[bos]")
VOCABULARY_FILE = Path(__file__).with_name("vocabulary.txt")
LETTERS = "abcdefghijklmnopqrstuvwxyzàèéìòù0123456789"
# Single letters that are endings too: balls, baked, windy, and the Italian vowels.
LETTER_ENDINGS = "sdyaeio"
# The one-letter words of the two languages; other letters stand in the vocabulary only as parts.
LETTER_WORDS = "adeilè"
# Endings that let an unknown inflection of a known word keep its stem's meaning.
ENDINGS = "s es ed d ing ings er ers ly y al ish ness less ful a e i o he hi ate ati ata ato mente ando endo ini ino ina one oni".split()


def split_words(text: str) -> list[str]:
    """Steps 1 and 2."""
    text = unicodedata.normalize("NFC", text).lower()
    marked = "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in text)
    return [word for word in marked.split(" ") if word]


def build_vocabulary() -> list[str]:
    """Specials, the grammar's words, then letters and endings. Written to `vocabulary.txt` by main."""
    from .world.captions import grammar_words

    words = grammar_words()
    known = set(words)
    first = [letter for letter in LETTERS if letter not in known]
    later = ["##" + piece for piece in (*LETTERS, *(e for e in ENDINGS if len(e) > 1))]
    return [*SPECIALS, *words, *first, *later]


class Tokenizer:
    """Words to numbers by `vocabulary.txt` (or another list of pieces)."""

    def __init__(self, pieces: list[str] | None = None) -> None:
        self.pieces = pieces or VOCABULARY_FILE.read_text(encoding="utf-8").splitlines()
        self.number = {piece: index for index, piece in enumerate(self.pieces)}
        self.longest = max(len(piece) for piece in self.pieces)
        self._known: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self.pieces)

    def knows(self, word: str) -> bool:
        """The vocabulary has the word, or its stem with a known ending; others mean little to a model."""
        if word in self.number:
            return len(word) > 1 or unicodedata.category(word)[0] == "N" or word in LETTER_WORDS
        cut = [self.pieces[number] for number in self._cut(word)]
        if len(cut) != 2 or len(cut[0]) < SHORTEST_STEM:
            return False
        ending = cut[1].removeprefix("##")
        return len(ending) > 1 or ending in LETTER_ENDINGS

    def form(self, word: str) -> str | None:
        """What a word is read as: itself, or the nearest form that the vocabulary has; None where there is none."""
        return word if self.knows(word) else nearest_form(word, self.number)

    def word(self, word: str) -> list[int]:
        """The pieces of one word."""
        return self._cut(self.form(word) or word)

    def _cut(self, word: str) -> list[int]:
        """Greedy longest pieces; `[unk]` when no cut exists."""
        numbers: list[int] = []
        start = 0
        while start < len(word):
            for end in range(min(len(word), start + self.longest), start, -1):
                piece = word[start:end] if start == 0 else "##" + word[start:end]
                if piece in self.number:
                    numbers.append(self.number[piece])
                    start = end
                    break
            else:
                return [UNKNOWN]
        return numbers

    def encode(self, text: str, length: int = MAX_TOKENS) -> list[int]:
        """`length` numbers."""
        numbers = [BEGIN]
        for word in split_words(text):
            if word not in self._known:
                self._known[word] = self.word(word)
            numbers += self._known[word]
        return (numbers + [PAD] * length)[:length]

    def batch(self, texts: list[str], length: int = MAX_TOKENS) -> Tensor:
        """int64 [N, length]."""
        return torch.tensor([self.encode(text, length) for text in texts], dtype=torch.int64)


if __name__ == "__main__":
    VOCABULARY_FILE.write_text("\n".join(build_vocabulary()) + "\n", encoding="utf-8")
    print(len(build_vocabulary()), "pieces ->", VOCABULARY_FILE.name)
