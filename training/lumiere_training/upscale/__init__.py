"""Enlarging what the world model makes: a small network of our own, its pictures, training, export and judgement.

`network` the model; `pictures` what is learned from; `made` known clips as the world model gives them back;
`degrade` small pictures from large ones; `train` a resumable, time-boxed run; `export` the model pack; `evaluate`
the figures of docs/models/lumiere-upscale.md.
"""
