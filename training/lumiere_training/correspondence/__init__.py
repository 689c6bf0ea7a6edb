"""Keys by which a place is known again in another frame: what a mask can be followed by.

A small encoder gives every 8x8 cell of a picture a key of 64 numbers; two cells that show the same
thing have keys that agree. Learned from photographs cut and moved by this code, so that every pair's
truth is exact (after Jabri et al., "Space-Time Correspondence as a Contrastive Random Walk", 2020,
with known motion in place of the walk).
"""
