"""The words of the caption grammar, English and Italian.

Italian adjectives come in four forms: masculine and feminine singular, masculine and feminine
plural. A noun is (singular, plural, gender); families without a count use one of the two numbers.
"""

from __future__ import annotations

from .scene_words import COUNTABLE_EN, FAMILIES_EN, FAMILIES_IT

__all__ = ["COUNTABLE_EN", "FAMILIES_EN", "FAMILIES_IT"]  # with every table below: captions.py reads them all here

COLOURS_EN = {
    "red": ("red", "crimson", "scarlet"),
    "orange": ("orange",),
    "yellow": ("yellow", "golden"),
    "green": ("green", "emerald"),
    "turquoise": ("turquoise", "cyan", "teal"),
    "blue": ("blue",),
    "purple": ("purple", "violet"),
    "pink": ("pink",),
    "white": ("white",),
    "grey": ("grey", "gray"),
    "black": ("black",),
    "brown": ("brown",),
}
COLOURS_IT = {
    "red": ("rosso", "rossa", "rossi", "rosse"),
    "orange": ("arancione", "arancione", "arancioni", "arancioni"),
    "yellow": ("giallo", "gialla", "gialli", "gialle"),
    "green": ("verde", "verde", "verdi", "verdi"),
    "turquoise": ("turchese", "turchese", "turchesi", "turchesi"),
    "blue": ("blu", "blu", "blu", "blu"),
    "purple": ("viola", "viola", "viola", "viola"),
    "pink": ("rosa", "rosa", "rosa", "rosa"),
    "white": ("bianco", "bianca", "bianchi", "bianche"),
    "grey": ("grigio", "grigia", "grigi", "grigie"),
    "black": ("nero", "nera", "neri", "nere"),
    "brown": ("marrone", "marrone", "marroni", "marroni"),
}
SIZES_EN = {"small": ("small", "little", "tiny"), "medium": ("",), "large": ("large", "big", "huge")}
SIZES_IT = {
    "small": ("piccolo", "piccola", "piccoli", "piccole"),
    "medium": ("", "", "", ""),
    "large": ("grande", "grande", "grandi", "grandi"),
}
COUNTS_EN = {
    "1": ("a", "one", "a single"),
    "2": ("two", "2", "a pair of"),
    "3": ("three", "3"),
    "4": ("four", "4"),
    "5": ("five", "5"),
}
COUNTS_IT = {"2": ("due", "2"), "3": ("tre", "3"), "4": ("quattro", "4"), "5": ("cinque", "5")}
DIRECTIONS_EN = {
    "left": ("to the left", "left", "leftwards", "from right to left"),
    "right": ("to the right", "right", "rightwards", "from left to right"),
    "up": ("upwards", "up", "from bottom to top"),
    "down": ("downwards", "down", "from top to bottom"),
}
DIRECTIONS_IT = {
    "left": ("verso sinistra", "a sinistra", "da destra a sinistra"),
    "right": ("verso destra", "a destra", "da sinistra a destra"),
    "up": ("verso l'alto", "in alto", "dal basso in alto"),
    "down": ("verso il basso", "in basso", "dall'alto in basso"),
}
SPEEDS_EN = {"slow": ("slowly", "gently", "in slow motion"), "normal": ("", "steadily"), "fast": ("fast", "quickly", "rapidly")}
SPEEDS_IT = {
    "slow": ("lentamente", "piano", "al rallentatore"),
    "normal": ("", "a velocità normale"),
    "fast": ("veloce", "velocemente", "rapidamente"),
}
LIGHTS_EN = {
    "day": ("by day", "in daylight", "on a sunny day"),
    "sunset": ("at sunset", "at dusk", "in the evening light"),
    "night": ("at night", "in the dark", "by moonlight"),
}
LIGHTS_IT = {
    "day": ("di giorno", "alla luce del sole", "con il sole"),
    "sunset": ("al tramonto", "alla sera", "al crepuscolo"),
    "night": ("di notte", "al buio", "al chiaro di luna"),
}
CAMERAS_EN = {
    "still": ("", "static camera", "locked shot"),
    "pan left": ("the camera pans left", "pan left", "camera moving left"),
    "pan right": ("the camera pans right", "pan right", "camera moving right"),
    "zoom in": ("the camera zooms in", "zoom in", "slow push in"),
    "zoom out": ("the camera zooms out", "zoom out", "slow pull back"),
}
CAMERAS_IT = {
    "still": ("", "inquadratura fissa", "camera ferma"),
    "pan left": ("panoramica a sinistra", "la camera va a sinistra"),
    "pan right": ("panoramica a destra", "la camera va a destra"),
    "zoom in": ("zoom in avanti", "la camera si avvicina"),
    "zoom out": ("zoom indietro", "la camera si allontana"),
}
STYLES_EN = {
    "natural": ("",),
    "cartoon": ("cartoon style", "flat cartoon", "as a cartoon"),
    "drawing": ("line drawing", "pencil sketch", "as a drawing"),
    "watercolour": ("watercolour", "watercolor painting", "painted in watercolour"),
    "neon": ("glowing neon", "neon lines", "neon style"),
    "bricks": ("toy bricks", "made of toy bricks", "brick style"),
    "mono": ("black and white film", "monochrome", "in black and white"),
}
STYLES_IT = {
    "natural": ("",),
    "cartoon": ("stile cartone animato", "cartone animato"),
    "drawing": ("disegno a matita", "schizzo", "disegno al tratto"),
    "watercolour": ("acquerello", "dipinto ad acquerello"),
    "neon": ("neon luminoso", "stile neon", "linee al neon"),
    "bricks": ("mattoncini giocattolo", "fatto di mattoncini"),
    "mono": ("in bianco e nero", "monocromatico"),
}
BACKGROUND_EN = ("on a {} background", "against a {} background", "in front of a {} wall", "on {}")
BACKGROUND_IT = ("su sfondo {}", "contro uno sfondo {}", "su fondo {}")


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
