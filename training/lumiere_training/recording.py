"""A training pass as a recording of its kernels: what a processor no longer has to start one by one.

A pass of the U-Net with its gradients is some 2,500 kernels, and starting them took a processor 80 ms
whatever the batch was. A CUDA graph starts them all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

Pass = Callable[..., Tensor]  # inputs -> loss per sample [N]
WARM_UP = 3  # passes before recording: kernels are chosen and compiled in them


class Recording:
    """One pass and its gradients for inputs of fixed shapes. The pass must not wait for the device or draw numbers.

    Every replay overwrites the gradients of `parameters`: nothing else may set or clear them while this is in use.
    Source: PyTorch, "CUDA semantics", whole-network capture.
    """

    def __init__(self, run: Pass, inputs: Iterable[Tensor], parameters: Iterable[nn.Parameter]) -> None:
        self._inputs = tuple(value.clone() for value in inputs)
        self._parameters = list(parameters)
        beside = torch.cuda.Stream()
        beside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(beside):
            for _ in range(WARM_UP):
                self._forget()
                run(*self._inputs).mean().backward()
        torch.cuda.current_stream().wait_stream(beside)
        self._forget()  # the recorded pass makes its own, in its own memory
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            losses = run(*self._inputs)
            losses.mean().backward()
        self._losses = losses.detach()

    def _forget(self) -> None:
        for parameter in self._parameters:
            parameter.grad = None

    def fits(self, inputs: Iterable[Tensor]) -> bool:
        """Whether these inputs have the recorded shapes."""
        return all(a.shape == b.shape for a, b in zip(self._inputs, inputs))

    def __call__(self, inputs: Iterable[Tensor]) -> Tensor:
        """Loss per sample [N]; gradients lie in the parameters. Valid until the next call."""
        for own, value in zip(self._inputs, inputs):
            own.copy_(value)
        self._graph.replay()
        return self._losses

    def close(self) -> None:
        """Give the recording's memory back, the gradients' too."""
        self._forget()
        self._graph.reset()
        del self._losses
