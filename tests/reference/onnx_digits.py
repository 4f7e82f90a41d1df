"""Reads the sample networks without the `onnx` package and evaluates them in PyTorch at a chosen precision.

Only what the samples need: float32 initialisers stored as raw data. The graph itself is not interpreted;
the four layers are written out below, independently of samples/train.py and of the exporter.
"""

import numpy as np
import torch
from torch.nn import functional as F

LAYERS = ("conv1", "conv2", "conv3", "fc1")
# Field numbers of onnx.proto (ModelProto.graph, GraphProto.initializer, TensorProto.*).
MODEL_GRAPH, GRAPH_INITIALIZER = 7, 5
TENSOR_DIMS, TENSOR_TYPE, TENSOR_NAME, TENSOR_RAW = 1, 2, 8, 9
FLOAT32 = 1


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7


def fields(data):
    """(field number, value) of one protobuf message; length-delimited values come as memoryviews."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = read_varint(data, at)
        elif kind == 1:
            value, at = data[at : at + 8], at + 8
        elif kind == 2:
            size, at = read_varint(data, at)
            value, at = data[at : at + size], at + size
        elif kind == 5:
            value, at = data[at : at + 4], at + 4
        else:
            raise ValueError(f"protobuf wire type {kind} is not used by ONNX")
        yield key >> 3, value


def packed_dims(value):
    """`dims` is written either one varint per field or packed into one field."""
    if isinstance(value, int):
        return [value]
    dims, at = [], 0
    while at < len(value):
        dim, at = read_varint(value, at)
        dims.append(dim)
    return dims


def read_weights(path):
    """{name: float32 array} of all initialisers of the ONNX file at `path`."""
    model = memoryview(open(path, "rb").read())
    weights = {}
    for graph in (value for number, value in fields(model) if number == MODEL_GRAPH):
        for tensor in (value for number, value in fields(graph) if number == GRAPH_INITIALIZER):
            dims, name, raw, kind = [], None, None, None
            for number, value in fields(tensor):
                if number == TENSOR_DIMS:
                    dims += packed_dims(value)
                elif number == TENSOR_TYPE:
                    kind = value
                elif number == TENSOR_NAME:
                    name = bytes(value).decode()
                elif number == TENSOR_RAW:
                    raw = value
            if kind == FLOAT32 and raw is not None:
                weights[name] = np.frombuffer(raw, dtype="<f4").reshape(dims)
    return weights


class Network(torch.nn.Module):
    """A sample network; submodules `conv1`, `conv2`, `conv3`, `fc1` output post-ReLU values, so they can be hooked."""

    def __init__(self, path, dtype):
        super().__init__()
        self.values = {k: torch.from_numpy(v.copy()).to(dtype) for k, v in read_weights(path).items()}
        self.conv1, self.conv2, self.conv3 = (Layer(self.values, name, True) for name in LAYERS[:3])
        self.fc1 = Layer(self.values, "fc1", False)

    def forward(self, image):
        x = F.max_pool2d(self.conv1(image), 2)
        x = F.max_pool2d(self.conv2(x), 2)
        x = F.max_pool2d(self.conv3(x), 2)
        x = self.fc1(x.flatten(1))
        return F.linear(x, self.values["fc2.weight"], self.values["fc2.bias"])


class Layer(torch.nn.Module):
    """relu(conv(x)) with `same` padding, or relu(linear(x))."""

    def __init__(self, values, name, is_convolution):
        super().__init__()
        self.weight, self.bias = values[f"{name}.weight"], values[f"{name}.bias"]
        self.is_convolution = is_convolution

    def forward(self, x):
        if not self.is_convolution:
            return F.relu(F.linear(x, self.weight, self.bias))
        return F.relu(F.conv2d(x, self.weight, self.bias, padding=self.weight.shape[-1] // 2))


def capture(network):
    """Hooks the four layers; returns the dict that every forward pass refills with {layer: tensor}."""
    taken = {}
    for name in LAYERS:
        getattr(network, name).register_forward_hook(lambda _m, _i, out, name=name: taken.__setitem__(name, out))
    return taken


def as_samples(tensor):
    """[N, C, H, W] -> [N*H*W, C] (image x position is one sample); [N, C] stays."""
    array = tensor.numpy()
    if array.ndim == 2:
        return array
    return np.ascontiguousarray(array.transpose(0, 2, 3, 1)).reshape(-1, array.shape[1])


def load_images(path):
    """(uint8 images [N, 28, 28], uint8 labels [N]) of digits.npz."""
    with np.load(path) as archive:
        return archive["images"], archive["labels"]


def scaled(images, dtype):
    """uint8 -> [N, 1, 28, 28] in 0..1. The scale is applied in float32, as every float32 pipeline feeds it."""
    return torch.from_numpy(images[:, None].astype(np.float32) * np.float32(1 / 255)).to(dtype)
