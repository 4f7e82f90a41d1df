"""Encoded images in columns and datasets, as the real tools write them: see docs/guide/data-formats.md.

Run in a Python with numpy 2.4.6, h5py 3.16.0 and pyarrow 25.0.1:
    python tests/reference/generate_encoded_images.py
The pictures are those of tests/reference/images, byte for byte: rows 0 to 7 are `names`, labels their numbers.
Hugging Face's datasets stores a feature Image() as struct<bytes: binary, path: string> through pyarrow, in row groups of
100 rows, with the features as JSON under the key "huggingface"; that is what `datasets` below writes.
"""

import json
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

here = Path(__file__).parent / "encoded"
here.mkdir(exist_ok=True)
names = ["colour.jpg", "grey.jpg", "palette.png", "cmyk.jpg", "progressive.jpg", "one-bit.png", "turned.jpg", "full-chroma.jpg"]
pictures = [(here.parent / "images" / name).read_bytes() for name in names]
labels = list(range(len(names)))
image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def rows(items, paths):
    return pa.array([{"bytes": item, "path": path} for item, path in zip(items, paths)], image)


def hugging_face(column, **others):
    features = {"image": {"_type": "Image"}, "label": {"dtype": "int64", "_type": "Value"}}
    table = pa.table({"image": column, **others})
    return table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})


def parquet() -> None:
    label = pa.array(labels, pa.int64())
    pq.write_table(hugging_face(rows(pictures, names), label=label), here / "datasets.parquet", row_group_size=3)
    # One row group of many pages, some in a dictionary: pictures repeat.
    twice = pa.table(
        {
            "jpeg": pa.array(pictures + pictures, pa.large_binary()),
            "ids": pa.array([f"{name}-{n}" for n in range(2) for name in names]),
            "label": pa.array(labels + labels, pa.int32()),
        }
    )
    options = {"data_page_size": 2000, "write_batch_size": 2, "dictionary_pagesize_limit": 4000}
    pq.write_table(twice, here / "pages.parquet", compression="zstd", **options)
    pq.write_table(twice, here / "pages-v2.parquet", data_page_version="2.0", use_dictionary=False, **options)
    cut = [*pictures]
    cut[2] = pictures[0][:700]
    cut[4] = None
    cut[5] = b"no picture at all"
    cut[6] = b""
    caption = pa.array([f"a picture of {name}" for name in names])
    bad = hugging_face(rows(cut, names), label=label, caption=caption)
    pq.write_table(bad, here / "bad.parquet", row_group_size=8, compression="none")
    pq.write_table(hugging_face(rows([None] * 8, names), label=label), here / "paths-only.parquet")


def hdf5() -> None:
    with h5py.File(here / "encoded.h5", "w") as file:
        vlen = h5py.vlen_dtype(np.uint8)
        for name, options in (("jpeg", {}), ("packed", {"chunks": (3,), "compression": "gzip"})):
            column = file.create_dataset(name, (8,), dtype=vlen, **options)
            for row, picture in enumerate(pictures):
                column[row] = np.frombuffer(picture, np.uint8)
        most = max(map(len, pictures))
        file.create_dataset("opaque", data=np.array(pictures, dtype=f"V{most}"), chunks=(3,), compression="gzip")
        file["label"] = np.array(labels)
        file["ids"] = names
        floats = file.create_dataset("floats", (8,), dtype=h5py.vlen_dtype(np.float32))
        for row in range(8):
            floats[row] = np.arange(row + 1, dtype=np.float32)
        bad = file.create_dataset("bad", (8,), dtype=vlen)
        for row, picture in enumerate(pictures):
            if row != 4:
                bad[row] = np.frombuffer(picture[: 700 if row == 2 else None], np.uint8)


parquet()
hdf5()
