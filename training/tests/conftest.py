"""Small and single-threaded: the whole suite runs in under a minute on two cores."""

import torch

torch.set_num_threads(1)
