"""Named tensors in a folder of files of at most 16 MiB, written so that a crash leaves the old ones.

A folder holds `index.json` (name, dtype, shape, offset of each tensor; any JSON state beside) and
`part-000.bin`, `part-001.bin`, ...: one stream of little-endian bytes, cut at the limit. No pickle.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

PART_BYTES = 16 * 1024 * 1024 - 65536  # a little under 16 MiB
DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.int32, torch.uint8, torch.bool)
}


def _to_bytes(tensor: Tensor) -> bytes:
    flat = tensor.detach().cpu().contiguous().flatten()
    return flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""


def save(folder: Path, tensors: dict[str, Tensor], state: dict) -> None:
    """Write all of `tensors` and `state` (JSON) as `folder`, replacing what was there as the last step."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh, old = folder.with_name(folder.name + ".new"), folder.with_name(folder.name + ".old")
    for path in (fresh, old):
        shutil.rmtree(path, ignore_errors=True)
    fresh.mkdir()
    index, offset, part, room = [], 0, 0, PART_BYTES
    file = open(fresh / "part-000.bin", "wb")
    try:
        for name, tensor in tensors.items():
            data = memoryview(_to_bytes(tensor))
            index.append(
                {"name": name, "dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape), "offset": offset}
            )
            offset += len(data)
            while len(data):
                if room == 0:
                    file.close()
                    part, room = part + 1, PART_BYTES
                    file = open(fresh / f"part-{part:03d}.bin", "wb")
                chunk = data[:room]
                file.write(chunk)
                room -= len(chunk)
                data = data[len(chunk) :]
    finally:
        file.close()
    (fresh / "index.json").write_text(
        json.dumps({"bytes": offset, "parts": part + 1, "tensors": index, "state": state}, indent=1)
    )
    if folder.exists():
        os.replace(folder, old)
    os.replace(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)


def exists(folder: Path) -> bool:
    """Whether a whole store lies there (a crash between two renames leaves `.old`: it counts)."""
    return (folder / "index.json").exists() or (folder.with_name(folder.name + ".old") / "index.json").exists()


def load(folder: Path) -> tuple[dict[str, Tensor], dict]:
    """Tensors on the CPU, and the JSON state. Raises FileNotFoundError or ValueError with the cause."""
    if not (folder / "index.json").exists():
        folder = folder.with_name(folder.name + ".old")
    index = json.loads((folder / "index.json").read_text())
    stream = b"".join((folder / f"part-{part:03d}.bin").read_bytes() for part in range(index["parts"]))
    if len(stream) != index["bytes"]:
        raise ValueError(f"{folder}: {len(stream)} bytes where the index says {index['bytes']}")
    buffer = np.frombuffer(bytearray(stream), dtype=np.uint8)
    tensors = {}
    for entry in index["tensors"]:
        dtype = DTYPES[entry["dtype"]]
        count = int(np.prod(entry["shape"], dtype=np.int64))
        size = count * torch.empty((), dtype=dtype).element_size()
        raw = torch.from_numpy(buffer[entry["offset"] : entry["offset"] + size].copy())
        tensors[entry["name"]] = raw.view(dtype).reshape(entry["shape"])
    return tensors, index["state"]
