"""Image files, and what Pillow and numpy make of them, for tests/unit/native-workers/data/images.

Pillow stands for torchvision too: its transforms on PIL images call Image.resize and Image.crop, and ToTensor and
Normalize are the numpy lines below. Written with Python 3.11, Pillow 9.4.0, numpy 1.24.2:

    python3 tests/reference/generate_image_reference.py
"""
import json
import os

import numpy as np
from PIL import Image

here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.join(here, "images")
random = np.random.default_rng(7)
HEIGHT, WIDTH = 45, 61


def waves(channels):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] / WIDTH
    planes = []
    for _ in range(channels):
        plane = sum(np.cos(random.uniform(-30, 30) * y + random.uniform(-30, 30) * x + random.uniform(0, 6)) for _ in range(4))
        planes.append((plane - plane.min()) / (plane.max() - plane.min()))
    return (np.dstack(planes) * 255).round().astype("uint8")


colour = Image.fromarray(waves(3))
alpha = waves(1)[:, :, 0]
rgba = Image.fromarray(np.dstack([np.asarray(colour), alpha]), "RGBA")
deep = (waves(1)[:, :, 0].astype("uint16") * 251 + 77).astype("uint16")


def save(image, name, **options):
    image.save(os.path.join(folder, name), **options)


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


save(colour, "colour.jpg", quality=90)
save(colour, "full-chroma.jpg", quality=85, subsampling=0)
save(colour, "progressive.jpg", quality=80, progressive=True)
save(colour, "turned.jpg", quality=90, exif=exif(6))
save(colour.convert("L"), "grey.jpg", quality=90)
save(colour.convert("CMYK"), "cmyk.jpg", quality=90)
save(colour, "colour.png")
save(colour.convert("P", palette=Image.ADAPTIVE, colors=40), "palette.png")
save(rgba, "alpha.png")
save(Image.fromarray(np.dstack([alpha, alpha[::-1]]), "LA"), "grey-alpha.png")
save(Image.fromarray(alpha > 128), "one-bit.png")
save(colour, "colour.webp", lossless=True)
save(colour, "colour.tif", compression="tiff_lzw")
save(colour, "colour.bmp")
save(colour.convert("P", palette=Image.ADAPTIVE, colors=16), "palette.bmp")
save(Image.fromarray(alpha > 128), "one-bit.bmp")
Image.fromarray(deep).save(os.path.join(folder, "deep.png"))

arrays = {"deep": deep}
for name in sorted(os.listdir(folder)):
    if name != "deep.png":
        with Image.open(os.path.join(folder, name)) as image:
            arrays["decoded/" + name] = np.asarray(image.convert("RGB"))

rgb = Image.open(os.path.join(folder, "colour.jpg")).convert("RGB")
for name, size, kind in [
    ("smaller-bilinear", (23, 17), Image.BILINEAR),
    ("smaller-bicubic", (23, 17), Image.BICUBIC),
    ("larger-bilinear", (140, 99), Image.BILINEAR),
    ("larger-bicubic", (140, 99), Image.BICUBIC),
    ("mixed-bicubic", (20, 90), Image.BICUBIC),
]:
    arrays["resized/" + name] = np.asarray(rgb.resize(size, kind))


def shorter(image, side, kind):
    """torchvision.transforms.Resize(side)"""
    w, h = image.size
    return image.resize((side, int(side * h / w)) if w <= h else (int(side * w / h), side), kind)


def centre(image, side):
    """torchvision.transforms.CenterCrop(side), which pads with 0 what is too small"""
    w, h = image.size
    if side > w or side > h:
        left = (side - w) // 2 if side > w else 0
        top = (side - h) // 2 if side > h else 0
        right = (side - w + 1) // 2 if side > w else 0
        bottom = (side - h + 1) // 2 if side > h else 0
        padded = Image.new(image.mode, (w + left + right, h + top + bottom))
        padded.paste(image, (left, top))
        image, (w, h) = padded, padded.size
    top, left = int(round((h - side) / 2.0)), int(round((w - side) / 2.0))
    return image.crop((left, top, left + side, top + side))


def tensor(image, mean, std):
    """ToTensor and Normalize"""
    values = np.asarray(image, dtype="float64")
    values = values[None] if values.ndim == 2 else values.transpose(2, 0, 1)
    shape = (-1, 1, 1)
    return ((values / 255 - np.reshape(mean, shape)) / np.reshape(std, shape)).astype("float32")


imagenet = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
clip = ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])
arrays["prepared/imagenet"] = tensor(centre(shorter(rgb, 256, Image.BILINEAR), 224), *imagenet)[:, ::9, ::9]
arrays["prepared/clip"] = tensor(centre(shorter(rgb, 224, Image.BICUBIC), 224), *clip)[:, ::9, ::9]
arrays["prepared/small"] = tensor(centre(shorter(rgb, 20, Image.BILINEAR), 17), *imagenet)
arrays["prepared/grey"] = tensor(centre(shorter(rgb.convert("L"), 24, Image.BICUBIC), 16), [0.5], [0.25])
arrays["prepared/padded"] = tensor(centre(rgb, 51), [0, 0, 0], [1, 1, 1])

np.savez_compressed(os.path.join(here, "images-reference.npz"), **{key.replace("/", "."): value for key, value in arrays.items()})
with open(os.path.join(here, "images-reference.json"), "w") as file:
    json.dump({"generator": "generate_image_reference.py", "Pillow": Image.__version__, "numpy": np.__version__}, file, indent=2)
    file.write("\n")
