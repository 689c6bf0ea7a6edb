"""The words of each scene family: nouns, amounts, verbs, in English and Italian (see words.py)."""

from __future__ import annotations

# family: nouns, words for few / normal / many, verbs. Nouns: (singular or whole phrase, plural).
# "number" says which form a family without a count uses.
FAMILIES_EN: dict[str, dict] = {
    "clouds": dict(
        nouns=(("cloud", "clouds"), ("cloudy sky", "clouds in the sky")),
        number="p",
        few=("a few", "scattered"),
        many=("many", "thick", "heavy"),
        verbs=("drifting", "moving", "floating"),
    ),
    "sunset": dict(
        nouns=(("sun", ""),),
        up=("sunrise", "the sun rising", "the sun coming up"),
        down=("sunset", "the sun setting", "the sun going down"),
    ),
    "stars": dict(
        nouns=(("starry sky", ""), ("night sky with stars", ""), ("nebula and stars", "")),
        few=("a few stars in the",),
        many=("countless stars in the", "many stars in the"),
        verbs=("drifting", "turning", "moving"),
    ),
    "aurora": dict(
        nouns=(("aurora", ""), ("northern lights", ""), ("polar lights", "")), verbs=("waving", "dancing", "shimmering")
    ),
    "fireworks": dict(nouns=(("firework", "fireworks"), ("firework burst", "firework bursts")), verbs=("bursting", "exploding")),
    "sea": dict(
        nouns=(("sea", ""), ("ocean waves", ""), ("waves on the sea", ""), ("ocean", "")), verbs=("rolling", "moving", "flowing")
    ),
    "lake": dict(nouns=(("mountain lake", ""), ("mountains reflected in a lake", ""), ("lake with reflections", ""))),
    "rain": dict(
        nouns=(("rain", ""), ("rain over the city", ""), ("rainfall", "")),
        few=("light",),
        many=("heavy", "pouring"),
        verbs=("falling", "slanting", "blowing"),
    ),
    "ink": dict(nouns=(("ink in water", ""), ("drop of ink", ""), ("ink cloud", "")), verbs=("spreading", "opening", "blooming")),
    "bubbles": dict(
        nouns=(("bubble", "bubbles"), ("air bubble", "air bubbles"), ("soap bubble", "soap bubbles")),
        number="p",
        few=("a few",),
        many=("many", "lots of"),
        verbs=("rising", "floating up"),
    ),
    "fire": dict(
        nouns=(("fire", ""), ("camp fire", ""), ("flames", ""), ("bonfire", "")), verbs=("burning", "flickering", "blazing")
    ),
    "smoke": dict(
        nouns=(("smoke", ""), ("plume of smoke", ""), ("column of smoke", "")),
        verbs=("rising and bending", "blowing", "drifting"),
    ),
    "lava": dict(nouns=(("lava", ""), ("molten lava", ""), ("glowing lava", "")), verbs=("flowing", "moving", "streaming")),
    "sparks": dict(
        nouns=(("spark", "sparks"), ("fountain of sparks", "sparks")),
        number="p",
        few=("a few",),
        many=("many", "lots of"),
        verbs=("flying", "shooting up", "spraying"),
    ),
    "fog": dict(
        nouns=(("fog over the forest", ""), ("misty forest", ""), ("fog between fir trees", "")),
        few=("thin", "light"),
        many=("thick", "dense"),
        verbs=("drifting", "moving", "rolling"),
    ),
    "hills": dict(
        nouns=(("hills", ""), ("mountains", ""), ("hilly landscape", ""), ("mountain ridges", "")),
        verbs=("passing", "gliding by", "scrolling"),
    ),
    "city": dict(nouns=(("city skyline", ""), ("city with lit windows", ""), ("skyscrapers", ""))),
    "trees": dict(nouns=(("tree", "trees"),), verbs=("swaying", "moving in the wind", "swaying in the wind")),
    "snow": dict(
        nouns=(("snow", ""), ("snowfall over fir trees", ""), ("snowflakes", "")),
        few=("light",),
        many=("heavy", "thick"),
        verbs=("falling", "blowing", "drifting"),
    ),
    "leaves": dict(
        nouns=(("leaf", "leaves"), ("autumn leaf", "autumn leaves")),
        number="p",
        few=("a few",),
        many=("many", "lots of"),
        verbs=("falling", "tumbling", "blowing"),
    ),
    "confetti": dict(
        nouns=(("confetti", "confetti"), ("paper confetti", "paper confetti"), ("colourful confetti", "colourful confetti")),
        number="p",
        few=("a little", "a few pieces of"),
        many=("lots of", "plenty of"),
        verbs=("falling", "raining down"),
    ),
    "bokeh": dict(
        nouns=(("bokeh light", "bokeh lights"), ("blurred light", "blurred lights"), ("soft bokeh", "bokeh")),
        number="p",
        few=("a few",),
        many=("many", "lots of"),
        verbs=("drifting", "floating", "moving"),
    ),
    "light_leaks": dict(
        nouns=(("light leak", "light leaks"), ("film light leak", "film light leaks"), ("lens flare", "light leaks")),
        number="p",
        verbs=("sweeping", "moving", "passing"),
    ),
    "ball": dict(nouns=(("ball", "balls"), ("sphere", "spheres")), verbs=("moving", "rolling", "sliding")),
    "balloon": dict(nouns=(("balloon", "balloons"),), verbs=("floating", "flying", "drifting")),
    "boat": dict(nouns=(("boat", ""), ("sailing boat", ""), ("ship", "")), verbs=("sailing", "moving", "crossing")),
    "bird": dict(nouns=(("bird", "birds"),), verbs=("flying", "gliding", "flapping")),
    "fish": dict(nouns=(("fish", "fish"), ("little fish", "fish")), verbs=("swimming", "moving")),
    "car": dict(nouns=(("car", ""), ("automobile", "")), verbs=("driving", "moving", "going")),
}

FAMILIES_IT: dict[str, dict] = {
    "clouds": dict(
        nouns=(("nuvola", "nuvole", "f"),),
        number="p",
        few=("poche",),
        many=("molte", "tante"),
        verbs=("che scorrono", "in movimento"),
    ),
    "sunset": dict(
        nouns=(("sole", "", "m"),),
        up=("alba", "il sole che sorge"),
        down=("tramonto", "il sole che tramonta", "il sole che scende"),
    ),
    "stars": dict(
        nouns=(("cielo stellato", "", "m"), ("notte stellata", "", "f")),
        few=("poche stelle nel",),
        many=("tantissime stelle nel",),
        verbs=("che gira", "in movimento"),
    ),
    "aurora": dict(nouns=(("aurora boreale", "", "f"),), verbs=("che ondeggia", "che danza")),
    "fireworks": dict(nouns=(("fuoco d'artificio", "fuochi d'artificio", "m"),), verbs=("nel cielo",)),
    "sea": dict(nouns=(("mare", "", "m"), ("oceano", "", "m"), ("mare con onde", "", "m")), verbs=("in movimento", "che scorre")),
    "lake": dict(nouns=(("lago di montagna", "", "m"), ("lago con riflessi", "", "m"))),
    "rain": dict(
        nouns=(("pioggia", "", "f"), ("pioggia sulla città", "", "f")),
        few=("leggera",),
        many=("forte", "battente"),
        after=True,
        verbs=("che cade", "spinta dal vento"),
    ),
    "ink": dict(
        nouns=(("inchiostro nell'acqua", "", "m"), ("goccia d'inchiostro", "", "f")), verbs=("che si apre", "che si diffonde")
    ),
    "bubbles": dict(
        nouns=(("bolla", "bolle", "f"), ("bolla d'aria", "bolle d'aria", "f"), ("bolla di sapone", "bolle di sapone", "f")),
        number="p",
        few=("poche",),
        many=("molte", "tante"),
        verbs=("che salgono",),
    ),
    "fire": dict(nouns=(("fuoco", "", "m"), ("falò", "", "m"), ("fiamma", "", "f")), verbs=("che brucia", "che arde")),
    "smoke": dict(nouns=(("fumo", "", "m"), ("colonna di fumo", "", "f")), verbs=("che sale e piega", "spinto dal vento")),
    "lava": dict(nouns=(("lava", "", "f"), ("lava incandescente", "", "f")), verbs=("che scorre", "in movimento")),
    "sparks": dict(
        nouns=(("scintilla", "scintille", "f"),),
        number="p",
        few=("poche",),
        many=("molte", "tante"),
        verbs=("che volano", "che schizzano"),
    ),
    "fog": dict(
        nouns=(("nebbia nel bosco", "", "f"), ("foresta nella nebbia", "", "f")),
        few=("leggera",),
        many=("fitta", "densa"),
        after=True,
        verbs=("che scorre", "in movimento"),
    ),
    "hills": dict(nouns=(("colline", "", "fp"), ("montagne", "", "fp")), verbs=("che scorrono", "che passano")),
    "city": dict(nouns=(("città con finestre accese", "", "f"), ("grattacieli", "", "mp"))),
    "trees": dict(nouns=(("albero", "alberi", "m"),), verbs=("nel vento", "mossi dal vento")),
    "snow": dict(
        nouns=(("neve", "", "f"), ("nevicata sugli abeti", "", "f")),
        few=("leggera",),
        many=("fitta", "forte"),
        after=True,
        verbs=("che cade", "che scende"),
    ),
    "leaves": dict(
        nouns=(("foglia", "foglie", "f"), ("foglia d'autunno", "foglie d'autunno", "f")),
        number="p",
        few=("poche",),
        many=("molte", "tante"),
        verbs=("che cadono", "che volano"),
    ),
    "confetti": dict(
        nouns=(("coriandolo", "coriandoli", "m"),),
        number="p",
        few=("pochi",),
        many=("molti", "tanti"),
        verbs=("che cadono", "che scendono"),
    ),
    "bokeh": dict(
        nouns=(("luce sfocata", "luci sfocate", "f"), ("luce bokeh", "luci bokeh", "f")),
        number="p",
        few=("poche",),
        many=("molte", "tante"),
        verbs=("in movimento", "che scorrono"),
    ),
    "light_leaks": dict(
        nouns=(("riflesso di luce", "riflessi di luce", "m"), ("infiltrazione di luce", "infiltrazioni di luce", "f")),
        number="p",
        verbs=("che passano", "in movimento"),
    ),
    "ball": dict(nouns=(("palla", "palle", "f"), ("sfera", "sfere", "f")), verbs=("in movimento",)),
    "balloon": dict(nouns=(("palloncino", "palloncini", "m"),), verbs=("in volo", "in movimento")),
    "boat": dict(nouns=(("barca", "", "f"), ("barca a vela", "", "f"), ("nave", "", "f")), verbs=("che naviga", "che va")),
    "bird": dict(nouns=(("uccello", "uccelli", "m"),), verbs=("in volo",)),
    "fish": dict(nouns=(("pesce", "pesci", "m"),), verbs=("in movimento", "sott'acqua")),
    "car": dict(nouns=(("macchina", "", "f"), ("auto", "", "f")), verbs=("che va", "in corsa")),
}

# Nouns without a count that still take an article.
COUNTABLE_EN = (
    "starry sky",
    "night sky with stars",
    "mountain lake",
    "lake with reflections",
    "drop of ink",
    "ink cloud",
    "fire",
    "camp fire",
    "bonfire",
    "plume of smoke",
    "column of smoke",
    "misty forest",
    "hilly landscape",
    "city skyline",
    "city with lit windows",
    "boat",
    "sailing boat",
    "ship",
    "car",
    "automobile",
)
