"""ONNX on disk: weights stored as float16 (or whole numbers) beside the graph, at most 16 MiB a file.

float16 storage plus Cast halves a model's size at the same speed: the runtime folds the Cast when it
loads. float16 arithmetic gains nothing on a CPU, so the graph itself stays float32.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

PART_BYTES = 16 * 1024 * 1024 - 65536
SMALLEST = 256  # numbers; smaller tensors stay inside the graph file


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def store_half(source: Path, target: Path) -> list[Path]:
    """Rewrite `source` as `target` with weights in `<stem>.NNN.bin`, float16 for float32, eight bits as they are.

    Returns the data files.

    A tensor lies in one file whole (the format wants it so), so a new file starts when the next
    tensor would not fit. Raises ValueError for a tensor larger than a file may be.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(str(source))
    graph = model.graph
    kept, casts, parts, buffer = [], [], [], bytearray()

    def flush() -> None:
        if buffer:
            path = target.with_name(f"{target.stem}.{len(parts):03d}.bin")
            path.write_bytes(bytes(buffer))
            parts.append(path)
            buffer.clear()

    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        whole = tensor.data_type == TensorProto.INT8
        if not (whole or tensor.data_type == TensorProto.FLOAT) or values.size < SMALLEST:
            kept.append(tensor)
            continue
        data = values.tobytes() if whole else values.astype(np.float16).tobytes()
        if len(data) > PART_BYTES:
            raise ValueError(f"{tensor.name}: {len(data)} bytes do not fit in one data file")
        if len(buffer) + len(data) > PART_BYTES:
            flush()
        outside = TensorProto(
            name=tensor.name if whole else tensor.name + ".half",
            data_type=TensorProto.INT8 if whole else TensorProto.FLOAT16,
            dims=list(values.shape),
            data_location=TensorProto.EXTERNAL,
        )
        for key, value in (("location", f"{target.stem}.{len(parts):03d}.bin"), ("offset", len(buffer)), ("length", len(data))):
            outside.external_data.add(key=key, value=str(value))
        buffer += data
        # Page alignment lets the runtime map the file; for a small tensor the gap would outweigh it.
        gap = -len(buffer) % (4096 if len(data) >= 65536 else 64)
        buffer += bytes(gap) if len(buffer) + gap <= PART_BYTES else b""
        kept.append(outside)
        if not whole:
            cast = helper.make_node("Cast", [outside.name], [tensor.name], name=f"cast/{tensor.name}", to=TensorProto.FLOAT)
            casts.append(cast)
    flush()
    nodes = [*casts, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    target.write_bytes(model.SerializeToString())
    return parts


def describe_values(values: object) -> list[dict]:
    """name, dtype and shape of a graph's inputs or outputs."""
    from onnx import TensorProto

    names = {TensorProto.FLOAT: "float32", TensorProto.INT64: "int64", TensorProto.FLOAT16: "float16"}
    return [
        {
            "name": value.name,
            "dtype": names[value.type.tensor_type.elem_type],
            "shape": [dimension.dim_value for dimension in value.type.tensor_type.shape.dim],
        }
        for value in values
    ]  # type: ignore[attr-defined]


def describe_component(path: Path, data: list[Path]) -> dict:
    """One component of a pack manifest: files with digests, inputs, outputs."""
    import onnx

    graph = onnx.load(str(path), load_external_data=False).graph
    return {
        "file": path.name,
        "sha256": sha256(path),
        "bytes": path.stat().st_size,
        "externalData": [{"file": part.name, "sha256": sha256(part), "bytes": part.stat().st_size} for part in data],
        "inputs": describe_values(graph.input),
        "outputs": describe_values(graph.output),
    }


def operators(path: Path) -> dict[str, int]:
    """How often each operator occurs: the tests hold the slow forms (5D Resize, Conv1D, ...) out."""
    import onnx

    found: dict[str, int] = {}
    for node in onnx.load(str(path), load_external_data=False).graph.node:
        found[node.op_type] = found.get(node.op_type, 0) + 1
    return found
