"""Array files as the real tools write them, for tests of every reader: see docs/guide/data-formats.md.

Run in a Python with numpy 2.4.6, h5py 3.16.0, pyarrow 25.0.1, safetensors 0.8.0 and torch 2.13.0:
    python tests/reference/generate_array_files.py
Every file holds the same numbers where it can: values[i, j] = (i * 7 + j * 3) % 23 - 5, 12 x 6, and images of
12 x 2 x 4 x 3 counted 0, 1, 2 ... modulo 251. What is not deterministic in a tool (zip times) is fixed here.
"""

import gzip
import json
import struct
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import safetensors.numpy
import safetensors.torch
import torch

here = Path(__file__).parent / "arrays"
here.mkdir(exist_ok=True)

i, j = np.indices((12, 6))
values = ((i * 7 + j * 3) % 23 - 5).astype(np.float32)
images = (np.arange(12 * 2 * 4 * 3) % 251).astype(np.uint8).reshape(12, 2, 4, 3)
ids = np.array([f"sample-{n:02d}" for n in range(12)])


def npy() -> None:
    np.save(here / "values.npy", values)
    np.save(here / "big-endian.npy", values.astype(">f4"))
    np.save(here / "fortran.npy", np.asfortranarray(values))
    np.save(here / "fortran-images.npy", np.asfortranarray(images))
    np.save(here / "half.npy", values.astype(np.float16))
    np.save(here / "double.npy", values.astype(np.float64))
    np.save(here / "pickled.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.savez(here / "probe.npz", values=values, images=images, ids=ids)
    np.savez_compressed(here / "packed.npz", values=np.asfortranarray(values), images=images, ids=ids.astype("S"))


def hdf5() -> None:
    with h5py.File(here / "probe.h5", "w", libver="earliest") as file:
        file["values"] = values
        group = file.create_group("layers/block1")
        group.create_dataset("packed", data=values, chunks=(5, 4), compression="gzip", shuffle=True, fletcher32=True)
        group.create_dataset("big", data=values.astype(">f4"))
        group.create_dataset("half", data=values.astype(np.float16))
        group.create_dataset("wide", data=values.astype(np.int64))
        group.create_dataset("flags", data=values > 0)
        file["images"] = images
        file["ids"] = [str(name) for name in ids]
        file["fixed_ids"] = ids.astype("S")
        file["complex"] = values.astype(np.complex64)
        file["scalar"] = 3.0
        file["soft"] = h5py.SoftLink("/values")
        file["elsewhere"] = h5py.ExternalLink("other.h5", "/values")
        file.create_dataset("lzf", data=values, chunks=(4, 6), compression="lzf")
        layout = h5py.VirtualLayout(shape=(12, 6), dtype="f4")
        layout[:] = h5py.VirtualSource("other.h5", "values", shape=(12, 6))
        file.create_virtual_dataset("virtual", layout)
        file.create_dataset("outside", shape=(12, 6), dtype="f4", external=[("raw-values.bin", 0, 288)])
    with h5py.File(here / "latest.h5", "w", libver="latest", userblock_size=512) as file:
        file.create_dataset("values", data=values, chunks=(3, 6), maxshape=(None, 6))
    with h5py.File(here / "groups.h5", "w", libver="latest") as file:
        # One dataset a sample; h5py lists them by name: "0", "1", "10", "11", "2", ...
        for n in range(70):
            file[f"pictures/{n}"] = np.arange(n, n + 24, dtype=np.uint8).reshape(4, 6)
        for n in range(64):
            file[f"uneven/{n:02}"] = np.zeros((3 + n % 2, 5), np.float32)


def parquet() -> None:
    table = pa.table(
        {
            "values": pa.array(list(values), pa.list_(pa.float32(), 6)),
            "lists": pa.array(values.astype(np.float64).tolist(), pa.list_(pa.float64())),
            "a": pa.array(values[:, 0]),
            "b": pa.array(values[:, 1].astype(np.int32)),
            "half": pa.array(values[:, 2].astype(np.float16)),
            "ids": pa.array(ids.tolist()),
            "gaps": pa.array([None if n == 4 else float(n) for n in range(12)], pa.float32()),
            "uneven": pa.array([[1.0] * (n % 3 + 1) for n in range(12)], pa.list_(pa.float32())),
        }
    )
    pq.write_table(table, here / "probe.parquet", row_group_size=5, compression="snappy")
    numbers = pa.table({"a": pa.array(values[:, 0]), "b": pa.array(values[:, 1])})
    for codec in ("none", "gzip", "zstd", "brotli", "lz4"):
        pq.write_table(numbers, here / f"{codec}.parquet", row_group_size=5, compression=codec)


def safe_tensors() -> None:
    tensors = {"values": values, "images": images, "wide": values.astype(np.int64), "half": values.astype(np.float16)}
    tensors["ids"] = np.arange(100, 112)
    safetensors.numpy.save_file(tensors, here / "probe.safetensors", metadata={"made": "for tests"})
    # numpy has no bfloat16, torch has; the values are whole numbers that it holds exactly.
    halves = {"values": torch.tensor(values).to(torch.bfloat16)}
    safetensors.torch.save_file(halves, here / "bfloat16.safetensors")


def idx() -> None:
    """http://yann.lecun.com/exdb/mnist: two zero bytes, type, rank, big-endian sizes, big-endian values."""
    for name, code, array in (
        ("images-idx4-ubyte", 0x08, images),
        ("values-idx2-int", 0x0C, values.astype(">i4")),
        ("values-idx2-float", 0x0D, values.astype(">f4")),
    ):
        data = struct.pack(">HBB", 0, code, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()
        (here / name).write_bytes(data)
        if array is images:
            (here / f"{name}.gz").write_bytes(gzip.compress(data, mtime=0))


def cifar() -> None:
    """https://www.cs.toronto.edu/~kriz/cifar.html: label bytes, then 3 x 32 x 32 bytes, a record each."""
    pixels = (np.arange(3 * 3072) % 253).astype(np.uint8).reshape(3, 3072)
    (here / "cifar-10.bin").write_bytes(b"".join(bytes([n]) + pixels[n].tobytes() for n in range(3)))
    (here / "cifar-100.bin").write_bytes(b"".join(bytes([n, 90 + n]) + pixels[n].tobytes() for n in range(3)))


def fix_times() -> None:
    for name in ("probe.npz", "packed.npz"):
        with zipfile.ZipFile(here / name) as archive:
            members = [(info.filename, info.compress_type, archive.read(info)) for info in archive.infolist()]
        with zipfile.ZipFile(here / name, "w") as archive:
            for member, kind, data in members:
                archive.writestr(zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0)), data, kind)


npy()
hdf5()
parquet()
safe_tensors()
idx()
cifar()
fix_times()
(here / "versions.json").write_text(
    json.dumps(
        {
            "numpy": np.__version__,
            "h5py": h5py.__version__,
            "hdf5": h5py.version.hdf5_version,
            "pyarrow": pa.__version__,
            "safetensors": safetensors.__version__,
            "torch": torch.__version__.split("+")[0],
        },
        indent=2,
    )
    + "\n"
)
