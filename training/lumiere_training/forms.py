"""Everyday forms of a vocabulary's words, the same as src/shared/text/forms.ts has them.

A vocabulary lists the forms that captions have: "falling" and "sulla", not "falls" and "sulle".
Cut into letters, another form means nothing to the model; read as the nearest one, what it names
is drawn. Prepositions that place one thing by another (behind, dietro, tra) are no forms of those
that a vocabulary has, and stay unknown.
"""

from __future__ import annotations

from collections.abc import Container


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(form, instead) for form, instead in (pair.split(":") for pair in text.split())]


# Function words and irregular forms, each with the word that it is read as.
FORMS = dict(
    _pairs("""
    dei:del degli:del dell:del dello:del della:del delle:del ai:al agli:al all:al allo:al alle:alla
    dai:dal dagli:dal dallo:dal nei:nel negli:nel sui:sul sull:sul sullo:sul sulle:sulla
    coi:con col:con ed:e sopra:su uomini:uomo
    into:in onto:on above:over across:over below:under beneath:under toward:to towards:to
    men:man women:woman children:child skies:sky flies:flying swim:swimming swims:swimming
    muove:movimento muovono:movimento corre:corsa corrono:corsa
    run:running runs:running set:setting sets:setting flap:flapping flaps:flapping blown:blowing
    fallen:falling risen:rising driven:driving burnt:burning drawn:drawing
    smoky:smoke foggy:fog wavy:wave blurry:blurred colorful:colourful
    """)
)
# Words that only look like a form of one in the vocabulary: "porto" is no kind of "porta".
OTHERS = set(
    """
    even leave rose come sette venti molto solo sola soli caso casi corso corsi porto porti portano
    portando aereo aerei foglio velo veli sala pesca pesco seri facendo
    """.split()
)
# An ending, and the one that stands in its place in the form that is looked for.
ENDINGS = _pairs("""
    es:ing s:ing ed:ing e:ing :ing ies:y :s ing:ed s:ed :ed :ly
    hi:o he:a ge:gia i:o i:io i:e i:a e:a o:i a:ano a:e a:o o:a e:o o:e e:i
    ano:a ono:e ando:ano ando:a endo:ono endo:e o:amente a:amente
""")
SHORTEST_STEM = 3


def nearest_form(word: str, vocabulary: Container[str]) -> str | None:
    """The word of a vocabulary that one which it lacks is a form of."""
    listed = FORMS.get(word)
    if listed is not None and listed in vocabulary:
        return listed
    if word in OTHERS:
        return None
    for ending, instead in ENDINGS:
        stem = word.removesuffix(ending)
        if word.endswith(ending) and len(stem) >= SHORTEST_STEM and stem + instead in vocabulary:
            return stem + instead
    return None
