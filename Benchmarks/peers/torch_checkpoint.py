"""Reads a state dict from PyTorch's old (pickle stream) format without PyTorch, and without running what a pickle asks
for.
"""

import collections
import pickle
import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
TYPES = {"FloatStorage": np.dtype("<f4"), "DoubleStorage": np.dtype("<f8"), "HalfStorage": np.dtype("<f2"),
         "LongStorage": np.dtype("<i8"), "IntStorage": np.dtype("<i4")}


class _View:
    """Where a tensor lies in its storage; the numbers follow the pickles in the file."""

    def __init__(self, storage: tuple[str, np.dtype], offset: int, shape: tuple[int, ...], strides: tuple[int, ...],
                 *_: Any) -> None:
        self.storage, self.offset, self.shape, self.strides = storage, offset, shape, strides


class _StorageType:
    """A stand-in for a storage class, which is only ever named."""

    def __init__(self, name: str) -> None:
        self.name = name


class _Reader(pickle.Unpickler):
    """Knows tensors, their storages and ordered dictionaries; anything else is refused."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _View
        if module == "torch" and name in TYPES:
            return _StorageType(name)
        raise pickle.UnpicklingError(f"the checkpoint asks for {module}.{name}, which is not read here")

    def persistent_load(self, identifier: Any) -> tuple[str, np.dtype]:
        kind, storage, key, *_ = identifier
        if kind != "storage" or not isinstance(storage, _StorageType):
            raise pickle.UnpicklingError(f"the checkpoint stores a {kind}, which is not read here")
        return key, TYPES[storage.name]


def _storages(file: BinaryIO, keys: list[str], types: dict[str, np.dtype]) -> dict[str, np.ndarray]:
    """Each storage: its count of elements in 8 bytes, then the elements."""
    storages = {}
    for key in keys:
        (count,) = struct.unpack("<q", file.read(8))
        content = file.read(count * types[key].itemsize)
        storages[key] = np.frombuffer(content, types[key], count)
    return storages


def read_state_dict(path: Path) -> dict[str, np.ndarray]:
    """The tensors of a state dict by name.

    Raises ValueError if the file is not in the old format, and pickle.UnpicklingError if it asks for more than tensors.
    """
    with path.open("rb") as file:
        if _Reader(file).load() != MAGIC or _Reader(file).load() != PROTOCOL:
            raise ValueError(f"{path}: not a PyTorch checkpoint in the old format")
        _Reader(file).load()  # the writer's byte order and integer sizes
        state = _Reader(file).load()
        keys = _Reader(file).load()
        types = {view.storage[0]: view.storage[1] for view in state.values()}
        storages = _storages(file, keys, types)
    tensors = {}
    for name, view in state.items():
        storage = storages[view.storage[0]][view.offset:]
        strides = tuple(stride * storage.itemsize for stride in view.strides)
        tensors[name] = np.lib.stride_tricks.as_strided(storage, view.shape, strides, writeable=False)
    return tensors
