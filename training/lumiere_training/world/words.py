"""The words of the caption grammar, English and Italian.

Italian adjectives come in four forms: masculine and feminine singular, masculine and feminine
plural. A noun is (singular, plural, gender); families without a count use one of the two numbers.
"""

from __future__ import annotations

COLOURS_EN = {
    "red": ("red", "crimson", "scarlet"), "orange": ("orange",), "yellow": ("yellow", "golden"), "green": ("green", "emerald"),
    "turquoise": ("turquoise", "cyan", "teal"), "blue": ("blue",), "purple": ("purple", "violet"), "pink": ("pink",),
    "white": ("white",), "grey": ("grey", "gray"), "black": ("black",), "brown": ("brown",),
}
COLOURS_IT = {
    "red": ("rosso", "rossa", "rossi", "rosse"), "orange": ("arancione", "arancione", "arancioni", "arancioni"),
    "yellow": ("giallo", "gialla", "gialli", "gialle"), "green": ("verde", "verde", "verdi", "verdi"),
    "turquoise": ("turchese", "turchese", "turchesi", "turchesi"), "blue": ("blu", "blu", "blu", "blu"),
    "purple": ("viola", "viola", "viola", "viola"), "pink": ("rosa", "rosa", "rosa", "rosa"),
    "white": ("bianco", "bianca", "bianchi", "bianche"), "grey": ("grigio", "grigia", "grigi", "grigie"),
    "black": ("nero", "nera", "neri", "nere"), "brown": ("marrone", "marrone", "marroni", "marroni"),
}
SIZES_EN = {"small": ("small", "little", "tiny"), "medium": ("",), "large": ("large", "big", "huge")}
SIZES_IT = {"small": ("piccolo", "piccola", "piccoli", "piccole"), "medium": ("", "", "", ""), "large": ("grande", "grande", "grandi", "grandi")}
COUNTS_EN = {"1": ("a", "one", "a single"), "2": ("two", "2", "a pair of"), "3": ("three", "3"), "4": ("four", "4"), "5": ("five", "5")}
COUNTS_IT = {"2": ("due", "2"), "3": ("tre", "3"), "4": ("quattro", "4"), "5": ("cinque", "5")}
DIRECTIONS_EN = {
    "left": ("to the left", "left", "leftwards", "from right to left"), "right": ("to the right", "right", "rightwards", "from left to right"),
    "up": ("upwards", "up", "from bottom to top"), "down": ("downwards", "down", "from top to bottom"),
}
DIRECTIONS_IT = {
    "left": ("verso sinistra", "a sinistra", "da destra a sinistra"), "right": ("verso destra", "a destra", "da sinistra a destra"),
    "up": ("verso l'alto", "in alto", "dal basso in alto"), "down": ("verso il basso", "in basso", "dall'alto in basso"),
}
SPEEDS_EN = {"slow": ("slowly", "gently", "in slow motion"), "normal": ("", "steadily"), "fast": ("fast", "quickly", "rapidly")}
SPEEDS_IT = {"slow": ("lentamente", "piano", "al rallentatore"), "normal": ("", "a velocità normale"), "fast": ("veloce", "velocemente", "rapidamente")}
LIGHTS_EN = {"day": ("by day", "in daylight", "on a sunny day"), "sunset": ("at sunset", "at dusk", "in the evening light"), "night": ("at night", "in the dark", "by moonlight")}
LIGHTS_IT = {"day": ("di giorno", "alla luce del sole", "con il sole"), "sunset": ("al tramonto", "alla sera", "al crepuscolo"), "night": ("di notte", "al buio", "al chiaro di luna")}
CAMERAS_EN = {
    "still": ("", "static camera", "locked shot"), "pan left": ("the camera pans left", "pan left", "camera moving left"),
    "pan right": ("the camera pans right", "pan right", "camera moving right"), "zoom in": ("the camera zooms in", "zoom in", "slow push in"),
    "zoom out": ("the camera zooms out", "zoom out", "slow pull back"),
}
CAMERAS_IT = {
    "still": ("", "inquadratura fissa", "camera ferma"), "pan left": ("panoramica a sinistra", "la camera va a sinistra"),
    "pan right": ("panoramica a destra", "la camera va a destra"), "zoom in": ("zoom in avanti", "la camera si avvicina"),
    "zoom out": ("zoom indietro", "la camera si allontana"),
}
STYLES_EN = {
    "natural": ("",), "cartoon": ("cartoon style", "flat cartoon", "as a cartoon"), "drawing": ("line drawing", "pencil sketch", "as a drawing"),
    "watercolour": ("watercolour", "watercolor painting", "painted in watercolour"), "neon": ("glowing neon", "neon lines", "neon style"),
    "bricks": ("toy bricks", "made of toy bricks", "brick style"), "mono": ("black and white film", "monochrome", "in black and white"),
}
STYLES_IT = {
    "natural": ("",), "cartoon": ("stile cartone animato", "cartone animato"), "drawing": ("disegno a matita", "schizzo", "disegno al tratto"),
    "watercolour": ("acquerello", "dipinto ad acquerello"), "neon": ("neon luminoso", "stile neon", "linee al neon"),
    "bricks": ("mattoncini giocattolo", "fatto di mattoncini"), "mono": ("in bianco e nero", "monocromatico"),
}
BACKGROUND_EN = ("on a {} background", "against a {} background", "in front of a {} wall", "on {}")
BACKGROUND_IT = ("su sfondo {}", "contro uno sfondo {}", "su fondo {}")

# family: nouns, words for few / normal / many, verbs. Nouns: (singular or whole phrase, plural).
# "number" says which form a family without a count uses.
FAMILIES_EN: dict[str, dict] = {
    "clouds": dict(nouns=(("cloud", "clouds"), ("cloudy sky", "clouds in the sky")), number="p", few=("a few", "scattered"), many=("many", "thick", "heavy"), verbs=("drifting", "moving", "floating")),
    "sunset": dict(nouns=(("sun", ""),), up=("sunrise", "the sun rising", "the sun coming up"), down=("sunset", "the sun setting", "the sun going down")),
    "stars": dict(nouns=(("starry sky", ""), ("night sky with stars", ""), ("nebula and stars", "")), few=("a few stars in the",), many=("countless stars in the", "many stars in the"), verbs=("drifting", "turning", "moving")),
    "aurora": dict(nouns=(("aurora", ""), ("northern lights", ""), ("polar lights", "")), verbs=("waving", "dancing", "shimmering")),
    "fireworks": dict(nouns=(("firework", "fireworks"), ("firework burst", "firework bursts")), verbs=("bursting", "exploding")),
    "sea": dict(nouns=(("sea", ""), ("ocean waves", ""), ("waves on the sea", ""), ("ocean", "")), verbs=("rolling", "moving", "flowing")),
    "lake": dict(nouns=(("mountain lake", ""), ("mountains reflected in a lake", ""), ("lake with reflections", ""))),
    "rain": dict(nouns=(("rain", ""), ("rain over the city", ""), ("rainfall", "")), few=("light",), many=("heavy", "pouring"), verbs=("falling", "slanting", "blowing")),
    "ink": dict(nouns=(("ink in water", ""), ("drop of ink", ""), ("ink cloud", "")), verbs=("spreading", "opening", "blooming")),
    "bubbles": dict(nouns=(("bubble", "bubbles"), ("air bubble", "air bubbles"), ("soap bubble", "soap bubbles")), number="p", few=("a few",), many=("many", "lots of"), verbs=("rising", "floating up")),
    "fire": dict(nouns=(("fire", ""), ("camp fire", ""), ("flames", ""), ("bonfire", "")), verbs=("burning", "flickering", "blazing")),
    "smoke": dict(nouns=(("smoke", ""), ("plume of smoke", ""), ("column of smoke", "")), verbs=("rising and bending", "blowing", "drifting")),
    "lava": dict(nouns=(("lava", ""), ("molten lava", ""), ("glowing lava", "")), verbs=("flowing", "moving", "streaming")),
    "sparks": dict(nouns=(("spark", "sparks"), ("fountain of sparks", "sparks")), number="p", few=("a few",), many=("many", "lots of"), verbs=("flying", "shooting up", "spraying")),
    "fog": dict(nouns=(("fog over the forest", ""), ("misty forest", ""), ("fog between fir trees", "")), few=("thin", "light"), many=("thick", "dense"), verbs=("drifting", "moving", "rolling")),
    "hills": dict(nouns=(("hills", ""), ("mountains", ""), ("hilly landscape", ""), ("mountain ridges", "")), verbs=("passing", "gliding by", "scrolling")),
    "city": dict(nouns=(("city skyline", ""), ("city with lit windows", ""), ("skyscrapers", ""))),
    "trees": dict(nouns=(("tree", "trees"),), verbs=("swaying", "moving in the wind", "swaying in the wind")),
    "snow": dict(nouns=(("snow", ""), ("snowfall over fir trees", ""), ("snowflakes", "")), few=("light",), many=("heavy", "thick"), verbs=("falling", "blowing", "drifting")),
    "leaves": dict(nouns=(("leaf", "leaves"), ("autumn leaf", "autumn leaves")), number="p", few=("a few",), many=("many", "lots of"), verbs=("falling", "tumbling", "blowing")),
    "confetti": dict(nouns=(("confetti", "confetti"), ("paper confetti", "paper confetti"), ("colourful confetti", "colourful confetti")), number="p", few=("a little", "a few pieces of"), many=("lots of", "plenty of"), verbs=("falling", "raining down")),
    "bokeh": dict(nouns=(("bokeh light", "bokeh lights"), ("blurred light", "blurred lights"), ("soft bokeh", "bokeh")), number="p", few=("a few",), many=("many", "lots of"), verbs=("drifting", "floating", "moving")),
    "light_leaks": dict(nouns=(("light leak", "light leaks"), ("film light leak", "film light leaks"), ("lens flare", "light leaks")), number="p", verbs=("sweeping", "moving", "passing")),
    "ball": dict(nouns=(("ball", "balls"), ("sphere", "spheres")), verbs=("moving", "rolling", "sliding")),
    "balloon": dict(nouns=(("balloon", "balloons"),), verbs=("floating", "flying", "drifting")),
    "boat": dict(nouns=(("boat", ""), ("sailing boat", ""), ("ship", "")), verbs=("sailing", "moving", "crossing")),
    "bird": dict(nouns=(("bird", "birds"),), verbs=("flying", "gliding", "flapping")),
    "fish": dict(nouns=(("fish", "fish"), ("little fish", "fish")), verbs=("swimming", "moving")),
    "car": dict(nouns=(("car", ""), ("automobile", "")), verbs=("driving", "moving", "going")),
}
FAMILIES_IT: dict[str, dict] = {
    "clouds": dict(nouns=(("nuvola", "nuvole", "f"),), number="p", few=("poche",), many=("molte", "tante"), verbs=("che scorrono", "in movimento")),
    "sunset": dict(nouns=(("sole", "", "m"),), up=("alba", "il sole che sorge"), down=("tramonto", "il sole che tramonta", "il sole che scende")),
    "stars": dict(nouns=(("cielo stellato", "", "m"), ("notte stellata", "", "f")), few=("poche stelle nel",), many=("tantissime stelle nel",), verbs=("che gira", "in movimento")),
    "aurora": dict(nouns=(("aurora boreale", "", "f"),), verbs=("che ondeggia", "che danza")),
    "fireworks": dict(nouns=(("fuoco d'artificio", "fuochi d'artificio", "m"),), verbs=("nel cielo",)),
    "sea": dict(nouns=(("mare", "", "m"), ("oceano", "", "m"), ("mare con onde", "", "m")), verbs=("in movimento", "che scorre")),
    "lake": dict(nouns=(("lago di montagna", "", "m"), ("lago con riflessi", "", "m"))),
    "rain": dict(nouns=(("pioggia", "", "f"), ("pioggia sulla città", "", "f")), few=("leggera",), many=("forte", "battente"), after=True, verbs=("che cade", "spinta dal vento")),
    "ink": dict(nouns=(("inchiostro nell'acqua", "", "m"), ("goccia d'inchiostro", "", "f")), verbs=("che si apre", "che si diffonde")),
    "bubbles": dict(nouns=(("bolla", "bolle", "f"), ("bolla d'aria", "bolle d'aria", "f"), ("bolla di sapone", "bolle di sapone", "f")), number="p", few=("poche",), many=("molte", "tante"), verbs=("che salgono",)),
    "fire": dict(nouns=(("fuoco", "", "m"), ("falò", "", "m"), ("fiamma", "", "f")), verbs=("che brucia", "che arde")),
    "smoke": dict(nouns=(("fumo", "", "m"), ("colonna di fumo", "", "f")), verbs=("che sale e piega", "spinto dal vento")),
    "lava": dict(nouns=(("lava", "", "f"), ("lava incandescente", "", "f")), verbs=("che scorre", "in movimento")),
    "sparks": dict(nouns=(("scintilla", "scintille", "f"),), number="p", few=("poche",), many=("molte", "tante"), verbs=("che volano", "che schizzano")),
    "fog": dict(nouns=(("nebbia nel bosco", "", "f"), ("foresta nella nebbia", "", "f")), few=("leggera",), many=("fitta", "densa"), after=True, verbs=("che scorre", "in movimento")),
    "hills": dict(nouns=(("colline", "", "fp"), ("montagne", "", "fp")), verbs=("che scorrono", "che passano")),
    "city": dict(nouns=(("città con finestre accese", "", "f"), ("grattacieli", "", "mp"))),
    "trees": dict(nouns=(("albero", "alberi", "m"),), verbs=("nel vento", "mossi dal vento")),
    "snow": dict(nouns=(("neve", "", "f"), ("nevicata sugli abeti", "", "f")), few=("leggera",), many=("fitta", "forte"), after=True, verbs=("che cade", "che scende")),
    "leaves": dict(nouns=(("foglia", "foglie", "f"), ("foglia d'autunno", "foglie d'autunno", "f")), number="p", few=("poche",), many=("molte", "tante"), verbs=("che cadono", "che volano")),
    "confetti": dict(nouns=(("coriandolo", "coriandoli", "m"),), number="p", few=("pochi",), many=("molti", "tanti"), verbs=("che cadono", "che scendono")),
    "bokeh": dict(nouns=(("luce sfocata", "luci sfocate", "f"), ("luce bokeh", "luci bokeh", "f")), number="p", few=("poche",), many=("molte", "tante"), verbs=("in movimento", "che scorrono")),
    "light_leaks": dict(nouns=(("riflesso di luce", "riflessi di luce", "m"), ("infiltrazione di luce", "infiltrazioni di luce", "f")), number="p", verbs=("che passano", "in movimento")),
    "ball": dict(nouns=(("palla", "palle", "f"), ("sfera", "sfere", "f")), verbs=("in movimento",)),
    "balloon": dict(nouns=(("palloncino", "palloncini", "m"),), verbs=("in volo", "in movimento")),
    "boat": dict(nouns=(("barca", "", "f"), ("barca a vela", "", "f"), ("nave", "", "f")), verbs=("che naviga", "che va")),
    "bird": dict(nouns=(("uccello", "uccelli", "m"),), verbs=("in volo",)),
    "fish": dict(nouns=(("pesce", "pesci", "m"),), verbs=("in movimento", "sott'acqua")),
    "car": dict(nouns=(("macchina", "", "f"), ("auto", "", "f")), verbs=("che va", "in corsa")),
}

# Nouns without a count that still take an article.
COUNTABLE_EN = (
    "starry sky", "night sky with stars", "mountain lake", "lake with reflections", "drop of ink", "ink cloud", "fire", "camp fire", "bonfire",
    "plume of smoke", "column of smoke", "misty forest", "hilly landscape", "city skyline", "city with lit windows", "boat",
    "sailing boat", "ship", "car", "automobile",
)

# Words that photographs and clips bring, and that users type though the world has no scene for them.
EXTRA_WORDS = """
person people man woman child girl boy dog cat horse insect bee beetle flower flowers grass garden street house room
table hand face robot train bridge river forest beach sand desert rock ice wind storm lightning cloud sunshine moon star
planet space water wave waterfall glass window door road highway aerial view close macro photo photograph picture video clip film
vintage slow time lapse handheld camera moving walking running swimming playing dancing talking camera movement natural
background foreground bright dark warm cold soft sharp blurred abstract texture landscape nature painting style of and with without
the in on at over under by from a an is are
persona persone uomo donna bambino cane gatto cavallo ape fiore fiori erba giardino strada casa stanza tavolo mano viso treno
ponte fiume spiaggia sabbia deserto roccia ghiaccio vento tempesta fulmine luna stella pianeta spazio cascata vetro porta
vista aerea foto fotografia immagine filmato luminoso scuro caldo freddo astratto paesaggio natura pittura di e con senza
il lo la i gli le un uno una sul sulla nel nella che
""".split()
