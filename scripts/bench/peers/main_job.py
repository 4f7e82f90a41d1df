"""The whole main job as a careful researcher writes it: PyTorch hooks, NumPy products, SciPy matching.

    python3 scripts/bench/peers/main_job.py CASE FOLDER BATCH [DEVICE [PRECISION]]

CASE is `samples`, `resnet-18` or `caffenet`; FOLDER holds the networks (`net1.onnx` with raw weights, or
`net1.onnx.weights` as scripts/zoo writes them), `images.npy` (uint8) and gets `peer/LAYER-A-B.f64`: correlations
in float64, row by row. Every pair of networks is compared at every layer. Products are taken in float32, one batch
at a time, of values less the mean of the first batch, and added up in float64. Prints one JSON object.
DEVICE `cuda` runs networks and products on the card, without TF32; PRECISION `float64` takes all of it in float64.
"""

import json
import os
import resource
import sys
import time

STARTED = time.time()
THREADS = "2"
os.environ.setdefault("OPENBLAS_NUM_THREADS", THREADS)
os.environ.setdefault("OMP_NUM_THREADS", THREADS)

from itertools import combinations  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import torch  # noqa: E402
from scipy.optimize import linear_sum_assignment  # noqa: E402
from torch.nn import functional as F  # noqa: E402

REPOSITORY = Path(__file__).resolve().parents[3]
MEAN = np.float32([0.485, 0.456, 0.406])
STD = np.float32([0.229, 0.224, 0.225])


class Tap(torch.nn.Module):
    """Passes its input on; what is compared is hooked here."""

    def forward(self, x):
        return x


class Weights:
    """Hands out the weights of scripts/zoo's file in the order in which they were written."""

    def __init__(self, path):
        self.values, self.at = np.fromfile(path, dtype="<f4"), 0

    def take(self, *shape):
        size = int(np.prod(shape))
        self.at += size
        return torch.from_numpy(self.values[self.at - size : self.at].reshape(shape))

    def conv(self, inner, outer, kernel, stride=1, pad=0, groups=1):
        layer = torch.nn.Conv2d(inner, outer, kernel, stride, pad, groups=groups)
        layer.weight.data = self.take(outer, inner // groups, kernel, kernel)
        layer.bias.data = self.take(outer)
        return layer

    def linear(self, inner, outer):
        layer = torch.nn.utils.skip_init(torch.nn.Linear, inner, outer)
        layer.weight.data, layer.bias.data = self.take(outer, inner), self.take(outer)
        return layer


class CaffeNet(torch.nn.Module):
    layers = ("conv1", "conv2", "conv3", "conv4", "conv5")

    def __init__(self, path):
        super().__init__()
        w = Weights(path)
        self.convolutions = torch.nn.ModuleList([
            w.conv(3, 96, 11, 4, 2), w.conv(96, 256, 5, 1, 2, 2), w.conv(256, 384, 3, 1, 1),
            w.conv(384, 384, 3, 1, 1, 2), w.conv(384, 256, 3, 1, 1, 2),
        ])
        self.dense = torch.nn.ModuleList([w.linear(9216, 4096), w.linear(4096, 4096), w.linear(4096, 1000)])
        self.taps = torch.nn.ModuleDict({name: Tap() for name in self.layers})

    def forward(self, x):
        for index, (name, convolution) in enumerate(zip(self.layers, self.convolutions)):
            x = self.taps[name](F.relu(convolution(x)))
            if index in (0, 1, 4):
                x = F.max_pool2d(x, 3, 2)
            if index in (0, 1):
                x = F.local_response_norm(x, 5, 1e-4, 0.75, 1)
        x = x.flatten(1)
        for dense in self.dense[:2]:
            x = F.relu(dense(x))
        return self.dense[2](x)


class Block(torch.nn.Module):
    def __init__(self, w, inner, outer, stride):
        super().__init__()
        self.short = w.conv(inner, outer, 1, stride) if stride > 1 or inner != outer else None
        self.first, self.second = w.conv(inner, outer, 3, stride, 1), w.conv(outer, outer, 3, 1, 1)
        self.half = w.take(1).item()

    def forward(self, x):
        long = self.second(F.relu(self.first(x)))
        short = x if self.short is None else self.short(x)
        return F.relu(long.mul_(self.half).add_(short, alpha=self.half))


class ResNet18(torch.nn.Module):
    layers = ("stage1", "stage2", "stage3", "stage4")

    def __init__(self, path):
        super().__init__()
        w = Weights(path)
        self.stem, inner, self.stages = w.conv(3, 64, 7, 2, 3), 64, torch.nn.ModuleList()
        for stage in range(4):
            outer = 64 * 2**stage
            blocks = [Block(w, inner, outer, 2 if stage else 1), Block(w, outer, outer, 1)]
            self.stages.append(torch.nn.Sequential(*blocks))
            inner = outer
        self.dense = w.linear(512, 1000)
        self.taps = torch.nn.ModuleDict({name: Tap() for name in self.layers})

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.stem(x)), 3, 2, 1)
        for name, stage in zip(self.layers, self.stages):
            x = self.taps[name](stage(x))
        return self.dense(x.mean((2, 3)))


def sample_network(path, device, precision):
    sys.path.insert(0, str(REPOSITORY / "tests/reference"))
    from onnx_digits import Network

    network = Network(path, precision)
    network.values = {name: value.to(device) for name, value in network.values.items()}
    for layer in network.children():
        layer.weight, layer.bias = layer.weight.to(device), layer.bias.to(device)
    return network


def load(case, folder, device, precision):
    """The networks in order, and what every one leaves of each layer at its last run."""
    if case == "samples":
        networks = [sample_network(folder / f"net{number}.onnx", device, precision) for number in range(1, 5)]
        taps = lambda network, layer: getattr(network, layer)  # noqa: E731
        layers = ("conv1", "conv2", "conv3", "fc1")
    else:
        kind = {"caffenet": CaffeNet, "resnet-18": ResNet18}[case]
        networks = [kind(folder / f"net{number}.onnx.weights").to(device, precision) for number in (1, 2)]
        taps = lambda network, layer: network.taps[layer]  # noqa: E731
        layers = kind.layers
    taken = [{} for _ in networks]
    for network, held in zip(networks, taken):
        network.eval()
        for layer in layers:
            hook = lambda _m, _i, out, held=held, layer=layer: held.__setitem__(layer, out)  # noqa: E731
            taps(network, layer).register_forward_hook(hook)
    return networks, layers, taken


def inputs_of(case, images):
    """uint8 images to what the networks read."""
    if case == "samples":
        return torch.from_numpy(images[:, None].astype(np.float32) * np.float32(1 / 255))
    scaled = (images.astype(np.float32) * np.float32(1 / 255) - MEAN) / STD
    return torch.from_numpy(np.ascontiguousarray(scaled.transpose(0, 3, 1, 2)))


def inputs_on_device(case, images, device, precision):
    """The same; bytes travel to the device and become numbers there."""
    pixels = torch.from_numpy(np.ascontiguousarray(images)).to(device).to(precision)
    if case == "samples":
        return pixels[:, None] * (1 / 255)
    mean, std = (torch.from_numpy(value).to(device, precision) for value in (MEAN, STD))
    return ((pixels * (1 / 255) - mean) / std).permute(0, 3, 1, 2).contiguous()


def as_samples(tensor):
    """[N, C, H, W] -> [N H W, C]: image x position is one sample; [N, C] stays."""
    if tensor.ndim == 4:
        tensor = tensor.permute(0, 2, 3, 1).reshape(-1, tensor.shape[1])
    return tensor


class Moments:
    """n, sums and products of one layer, all networks: float32 per batch, float64 in total."""

    def __init__(self, networks):
        self.count, self.shift = 0, None
        self.sums = [0.0] * networks
        self.pairs = [(n, n) for n in range(networks)] + list(combinations(range(networks), 2))
        self.products = dict.fromkeys(self.pairs, 0.0)

    def add(self, tensors):
        views = [tensor.numpy() for tensor in tensors]
        if self.shift is None:
            self.shift = [x.mean(0) for x in views]
        views = [np.subtract(x, shift, out=x) for x, shift in zip(views, self.shift)]
        self.count += len(views[0])
        for index, x in enumerate(views):
            self.sums[index] = self.sums[index] + x.sum(0, dtype=np.float64)
        for a, b in self.pairs:
            self.products[a, b] = self.products[a, b] + (views[a].T @ views[b]).astype(np.float64)

    def fetch(self):
        """Nothing to do: everything is in memory."""

    def correlation(self, a, b):
        mean = [total / self.count for total in self.sums]
        std = [np.sqrt(np.maximum(self.products[n, n].diagonal() / self.count - mean[n] ** 2, 0)) for n in (a, b)]
        scale = np.outer(*std)
        covariance = self.products[a, b] / self.count - np.outer(mean[a], mean[b])
        return np.divide(covariance, scale, out=np.zeros_like(scale), where=scale > 0)


class DeviceMoments(Moments):
    """The same on the device of the tensors, in their precision per batch and float64 in total."""

    def add(self, tensors):
        if self.shift is None:
            self.shift = [x.mean(0) for x in tensors]
        views = [x - shift for x, shift in zip(tensors, self.shift)]
        self.count += len(views[0])
        for index, x in enumerate(views):
            self.sums[index] = self.sums[index] + x.sum(0, dtype=torch.float64)
        for a, b in self.pairs:
            self.products[a, b] = self.products[a, b] + (views[a].T @ views[b]).double()

    def fetch(self):
        self.sums = [total.cpu().numpy() for total in self.sums]
        self.products = {pair: total.cpu().numpy() for pair, total in self.products.items()}


def main():
    case, folder, batch = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    device = torch.device(sys.argv[4] if len(sys.argv) > 4 else "cpu")
    precision = getattr(torch, sys.argv[5] if len(sys.argv) > 5 else "float32")
    is_plain = device.type == "cpu" and precision == torch.float32
    torch.set_num_threads(int(THREADS))
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    images = np.load(folder / "images.npy", mmap_mode="r")
    networks, layers, taken = load(case, folder, device, precision)
    moments = {layer: (Moments if is_plain else DeviceMoments)(len(networks)) for layer in layers}
    began, inference = time.perf_counter(), 0.0
    with torch.inference_mode():
        for start in range(0, len(images), batch):
            part = images[start : start + batch]
            inputs = inputs_of(case, part) if is_plain else inputs_on_device(case, part, device, precision)
            t0 = time.perf_counter()
            for network in networks:
                network(inputs)
            wait()
            inference += time.perf_counter() - t0
            for layer in layers:
                moments[layer].add([as_samples(held[layer]) for held in taken])
    for one in moments.values():
        one.fetch()
    passed = time.perf_counter()
    (folder / "peer").mkdir(exist_ok=True)
    scores = {}
    for layer in layers:
        for a, b in combinations(range(len(networks)), 2):
            r = moments[layer].correlation(a, b)
            rows, columns = linear_sum_assignment(r, maximize=True)
            name = f"{layer}-Net{a + 1}-Net{b + 1}"
            scores[name] = {"semiMean": r.max(1).mean(), "matchMean": r[rows, columns].mean()}
            r.tofile(folder / "peer" / f"{name}.f64")
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "inferenceSeconds": inference, "passSeconds": passed - began,
        "processSeconds": time.time() - STARTED, "processorSeconds": usage.ru_utime + usage.ru_stime,
        "peakMiB": usage.ru_maxrss / 1024,
        "cardMiB": torch.cuda.max_memory_reserved() / 2**20 if device.type == "cuda" else None, "torch": torch.__version__, "scores": scores,
    }))


if __name__ == "__main__":
    main()
