"""Training code of Lumière Studio: a procedural captioned world and a Space-Time U-Net."""

__version__ = "0.1.0"
