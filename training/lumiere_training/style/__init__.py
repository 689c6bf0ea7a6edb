"""Style from a picture: a small network of our own, its losses, its training and its export.

`network` the model; `features` the loss's eyes; `losses`; `textures` pictures drawn by this code;
`pictures` what is learned from; `train` a resumable, time-boxed run; `export` the model pack.
"""
