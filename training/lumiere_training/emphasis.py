"""What a prompt says besides its colours and its directions, the same as src/shared/text/emphasis.ts says it.

A model that often draws the scene in another colour can be asked what exactly that one word changes: with the prompt
less with the prompt without it (docs/adr/0032-colours-and-directions-are-stressed.md).
"""

from __future__ import annotations

from .tokenizer import split_words

COLOURS = frozenset(
    """
    red crimson scarlet orange yellow golden green emerald turquoise cyan teal blue purple violet pink
    white grey gray black brown
    rosso rossa rossi rosse arancione arancioni giallo gialla gialli gialle verde verdi turchese turchesi
    blu viola rosa bianco bianca bianchi bianche grigio grigia grigi grigie nero nera neri nere
    marrone marroni
    """.split()
)
# Each left out whole, longest first; "*" is a colour.
NAMED = sorted(
    (
        phrase.split()
        for phrase in """
        from right to left,from left to right,from bottom to top,from top to bottom,to the left,to the right,
        left,leftwards,right,rightwards,up,upwards,down,downwards,
        da destra a sinistra,da sinistra a destra,dal basso in alto,dall alto in basso,
        verso sinistra,verso destra,verso l alto,verso il basso,a sinistra,a destra,in alto,in basso,
        on a * background,against a * background,in front of a * background,in front of a * wall,against a * wall,on *,
        su uno sfondo *,su sfondo *,contro uno sfondo *,su un fondo *,su fondo *,*
        """.split(",")
    ),
    key=len,
    reverse=True,
)
KEPT = [phrase.split() for phrase in ("black and white", "bianco e nero")]  # ways of filming that only sound like colours


def without_named(prompt: str) -> str:
    """The words that are left, with spaces between them; all of them where no colour or direction is named."""
    words = split_words(prompt)

    def starts_with(at: int, phrase: list[str]) -> bool:
        found = words[at : at + len(phrase)]
        return len(found) == len(phrase) and all(
            word in COLOURS if part == "*" else word == part for word, part in zip(found, phrase)
        )

    left: list[str] = []
    at = 0
    while at < len(words):
        kept = next((phrase for phrase in KEPT if starts_with(at, phrase)), None)
        named = next((phrase for phrase in NAMED if starts_with(at, phrase)), None)
        if kept is None and named is not None:
            at += len(named)
        else:
            end = at + (1 if kept is None else len(kept))
            left += words[at:end]
            at = end
    return " ".join(left)
