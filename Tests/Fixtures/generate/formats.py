"""Writes the fixtures of the file formats, and expected.json with what the reference libraries read from them.

    pip install torch numpy safetensors
    python3 formats.py ../formats
"""

import collections
import io
import json
import os
import pathlib
import sys
import warnings
import zipfile

import numpy
import safetensors.torch
import torch

target = pathlib.Path(sys.argv[1])
target.mkdir(parents=True, exist_ok=True)
expected = {}


def record(file, tensors):
    expected[file] = {
        name: {"shape": list(t.shape), "values": [float(v) for v in t.detach().to(torch.float64).reshape(-1).tolist()]}
        for name, t in tensors.items()
    }


def every_type():
    values = torch.tensor([[0.0, 1.5, -2.25], [3.140625, -0.0078125, 100.0]])
    result = {"f32": values, "f64": values.double() * 3, "f16": values.half(), "bf16": values.bfloat16()}
    for name, kind in (("i64", torch.int64), ("i32", torch.int32), ("i16", torch.int16), ("i8", torch.int8)):
        result[name] = torch.tensor([-128, -1, 0, 1, 127], dtype=kind)
    result["u8"] = torch.tensor([0, 1, 200, 255], dtype=torch.uint8)
    result["bool"] = torch.tensor([True, False, True])
    result["scalar"] = torch.tensor(7.0)
    result["empty"] = torch.zeros(0, 4)
    return result


def safetensors_files():
    tensors = every_type()
    safetensors.torch.save_file(tensors, target / "every-type.safetensors", metadata={"format": "pt"})
    record("every-type.safetensors", tensors)
    plain = {
        "b.weight": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 8,
        "a.weight": torch.tensor([1.0, -65504.0, 1e-7, 0.333333]).half(),
        "ä \"q\"\\": torch.tensor([2.5]),
    }
    safetensors.torch.save_file(plain, target / "writer.safetensors", metadata={"kind": "näme\n\"x\""})
    record("writer.safetensors", plain)


def torch_files():
    base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    state = collections.OrderedDict(every_type())
    state["transposed"] = base.permute(2, 0, 1)
    state["slice"] = base[1, 1:, ::2]
    state["shared"] = base
    state["repeated"] = torch.tensor([1.0, 2.0]).expand(3, 2)
    state["parameter"] = torch.nn.Parameter(torch.tensor([4.0, 5.0]))
    state._metadata = collections.OrderedDict(version=1)
    torch.save(state, target / "state.zip.pth")
    torch.save(state, target / "state.legacy.pth", _use_new_zipfile_serialization=False)
    torch.save({"epoch": 3, "state_dict": state, "args": [1, "x", None]}, target / "nested.zip.pth", pickle_protocol=4)
    torch.save({"state_dict": state}, target / "nested.legacy.pth", _use_new_zipfile_serialization=False, pickle_protocol=5)
    for file in ("state.zip.pth", "state.legacy.pth", "nested.zip.pth", "nested.legacy.pth"):
        record(file, state)
    with zipfile.ZipFile(target / "state.zip.pth") as source, \
            zipfile.ZipFile(target / "deflated.zip.pth", "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            copy.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)
    record("deflated.zip.pth", state)

    small = collections.OrderedDict(w=torch.tensor([[1.0, 2.0], [3.0, 4.0]]), n=torch.tensor(5))
    torch.save(small, target / "small.zip.pth")
    torch.save(small, target / "small.legacy.pth", _use_new_zipfile_serialization=False)
    record("small.zip.pth", small)
    record("small.legacy.pth", small)

    class Evil:
        def __reduce__(self):
            return (os.system, ("echo this must never run",))

    torch.save({"w": Evil()}, target / "forbidden.zip.pth")
    torch.save({"w": Evil()}, target / "forbidden.legacy.pth", _use_new_zipfile_serialization=False)
    torch.save({"epoch": 1, "name": "x"}, target / "no-tensors.zip.pth")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), target / "script.pt")


def numpy_files():
    values = numpy.array([[0, 1.5, -2], [3.25, 4, 5]])
    arrays = {
        "f4": values.astype("<f4"), "f2": values.astype("<f2"), "f8": values, "i8": values.astype("<i8"),
        "i4": values.astype("<i4"), "i2": values.astype("<i2"), "i1": values.astype("i1"), "u1": numpy.abs(values).astype("u1"),
        "b1": values != 0, "fortran": numpy.asfortranarray(values.astype("<f4")), "scalar": numpy.float32(3).reshape(()),
        "vector": numpy.arange(5, dtype="<f4"), "empty": numpy.zeros((0, 3), "<f4"),
    }
    for name, array in arrays.items():
        numpy.save(target / f"{name}.npy", array)
        expected[f"{name}.npy"] = {"": {"shape": list(array.shape), "values": array.astype("f8").reshape(-1).tolist()}}
    for major in (2, 3):
        with open(target / f"version{major}.npy", "wb") as file:
            numpy.lib.format.write_array(file, arrays["f4"], version=(major, 0))
        expected[f"version{major}.npy"] = expected["f4.npy"]
    numpy.save(target / "big-endian.npy", values.astype(">f4"))


def zip_files():
    with zipfile.ZipFile(target / "plain.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("stored.txt"), b"stored text", zipfile.ZIP_STORED)
        archive.writestr(zipfile.ZipInfo("deflated.txt"), b"deflated text " * 200, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("../up/é.txt"), b"name only", zipfile.ZIP_STORED)
        archive.writestr(zipfile.ZipInfo("empty"), b"", zipfile.ZIP_STORED)
        archive.comment = b"a comment"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(target / "repeated.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo("same"), b"one")
            archive.writestr(zipfile.ZipInfo("same"), b"two")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("bomb"), bytes(4_000_000), zipfile.ZIP_DEFLATED)
    (target / "bomb.zip").write_bytes(stream.getvalue())
    # Sizes and offset of the entry, and the whole directory, are in zip64 records, as for files beyond 4 GB.
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 4
    with zipfile.ZipFile(target / "zip64.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("first"), b"first content", zipfile.ZIP_STORED)
        archive.writestr(zipfile.ZipInfo("second"), b"second content", zipfile.ZIP_DEFLATED)
    zipfile.ZIP64_LIMIT = limit


torch.manual_seed(1)
safetensors_files()
torch_files()
numpy_files()
zip_files()
(target / "expected.json").write_text(json.dumps(expected, separators=(",", ":")))
