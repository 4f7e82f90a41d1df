import { partOf } from './cuda-findings.ts';

type Words = string | ((match: RegExpMatchArray) => string);

/** What onnxruntime says in words of its own, in words for a person: what is wrong, at which node, and what to try. */
const knownReasons: [pattern: RegExp, words: Words][] = [
  [
    /Failed to get a WebGPU adapter/,
    'no graphics adapter was found. It needs a GPU with a Vulkan (Linux), Metal or Direct3D 12 driver; on Linux, libvulkan1 and the vendor’s driver.',
  ],
  [
    /Failed to load (?:shared )?library .*?error: (\S+?): cannot open shared object file/s,
    ([, library]) => partOf(library) ?? `${library} was not found; install what it is part of.`,
  ],
  [
    /CUDA driver version is insufficient/,
    'the NVIDIA driver is older than CUDA needs; install a newer one (nvidia-smi shows its version).',
  ],
  [
    /no CUDA-capable device|CUDA_ERROR_NO_DEVICE/,
    'the NVIDIA driver shows no card to this program; check nvidia-smi and CUDA_VISIBLE_DEVICES.',
  ],
  [
    /(?:(\S+):(\S+?)\(-?\d+\) is not a registered function\/op)/,
    ([, domain, op]) =>
      `it uses the operator ${op} of "${domain}", which onnxruntime does not have; export the network in standard operators.`,
  ],
  [
    /"([^"]*)", (\w+), "([^"]+)".*No opset import for domain/s,
    ([, node, op, domain]) =>
      `its node "${node}" uses the operator ${op} of "${domain}", which the file does not import; export the network again in standard operators.`,
  ],
  [
    /\("([^"]*)", .*No Op registered for (\S+) with domain_version of (\d+)/s,
    ([, node, op, version]) =>
      `its node "${node}" uses the operator ${op}, which opset ${version} does not have; export the network again.`,
  ],
  [
    /Could not find an implementation for (\w+)\(\d+\) node with name '([^']*)'/,
    ([, op, node]) =>
      `there is no ${op} for the element type of node "${node}" on this provider; export the network in float32.`,
  ],
  [
    /Type '?tensor\((\w+)\)'? of input parameter \(([^)]*)\) of operator \((\w+)\) in node \(([^)]*)\) is invalid/,
    ([, type, tensor, op, node]) =>
      `node "${node}" (${op}) does not take ${type}, which tensor "${tensor}" is; export the network in float32.`,
  ],
  [
    /Type parameter \(\w+\) of Optype \((\w+)\) bound to different types \(tensor\((\w+)\) and tensor\((\w+)\) in node \(([^)]*)\)/,
    ([, op, one, other, node]) =>
      `node "${node}" (${op}) is given ${one} and ${other}, which must be of one type; export the network again.`,
  ],
  [
    /Opset (\d+) is under development.*till opset (\d+)/s,
    ([, opset, newest]) =>
      `it is of opset ${opset}, and this onnxruntime reads up to ${newest}; export the network with an older opset.`,
  ],
  [
    /Unsupported model IR version: (\d+), max supported IR version: (\d+)/,
    ([, version, newest]) =>
      `it is of IR version ${version}, and this onnxruntime reads up to ${newest}; export the network with an older onnx.`,
  ],
  [
    /running (\w+) node\. Name:'([^']*)'.*Failed to allocate memory for requested buffer of size (\d+)/s,
    ([, op, node, bytes]) =>
      `node "${node}" (${op}) needs ${(Number(bytes) / 2 ** 30).toFixed(1)} GiB more memory than there is; run it with a smaller batch (batch: 1), or on smaller inputs.`,
  ],
  [
    /Failed to allocate memory|bad_alloc|bad allocation/,
    'there is not enough memory; run it with a smaller batch (batch: 1), or on smaller inputs.',
  ],
  [
    /output '([^']*)' of node.* has shape \{([\d,]*)\} but the computed output shape for this run is \{([\d,]*)\}/s,
    ([, tensor, planned, found]) =>
      `tensor "${tensor}" is [${sizes(found)}] where [${sizes(planned)}] was expected, so its first axis is not that of the inputs, or its size changes from batch to batch; choose another tensor.`,
  ],
  [
    /Got invalid dimensions for input: (\S+) for the following indices\s+index: (\d+) Got: (\d+) Expected: (\d+)/,
    ([, input, axis, got, expected]) =>
      `axis ${axis} of its input "${input}" was given ${got} values and takes ${expected}; check the data and its layout.`,
  ],
  [
    /Invalid rank for input: (\S+) Got: (\d+) Expected: (\d+)/,
    ([, input, got, expected]) =>
      `its input "${input}" was given ${got} axes and takes ${expected}; check the data and its layout.`,
  ],
  [
    /Node \(([^)]*)\) Op \((\w+)\) \[\w*InferenceError\] (.*)/,
    ([, node, op, what]) =>
      `the shapes at node "${node}" (${op}) do not fit (${what.trim()}); export the network again.`,
  ],
  [
    /running (\w+) node\. Name:'([^']*)' Status Message: (.*)/s,
    ([, op, node, what]) =>
      `node "${node}" (${op}) failed on these inputs (${plain(what)}); check that the data has the size the network was exported for.`,
  ],
  [
    /Node input '([^']*)' is not a graph input, initializer, or output of a previous node/,
    ([, tensor]) => `a node reads tensor "${tensor}", which nothing makes; export the network again.`,
  ],
  [/graph is not acyclic/, 'its nodes read each other in a circle; export the network again.'],
  [
    /Duplicate definition of name \((.*?)\)\./,
    ([, tensor]) => `two nodes make tensor "${tensor}"; export the network again.`,
  ],
  [
    /Initializer '([^']*)': raw_data size \((\d+) bytes\) does not match expected size from shape and data type \((\d+) bytes\)/,
    ([, tensor, bytes, expected]) =>
      `weights "${tensor}" have ${bytes} bytes where their shape needs ${expected}; the file is damaged: copy or export it again.`,
  ],
  [
    /Deserialize tensor (.+?) failed.*size mismatch/s,
    ([, tensor]) =>
      `weights "${tensor}" have not as many bytes as their shape needs; the file is damaged: copy or export it again.`,
  ],
  [/Out of bounds dimensions/, 'weights have a negative size; the file is damaged: copy or export it again.'],
  [
    /Graph output \(([^)]*)\) does not exist in the graph/,
    ([, tensor]) => `its output "${tensor}" is made by no node; export the network again.`,
  ],
];

function sizes(text: string): string {
  return text.split(',').join(', ');
}

/** Without source locations and signatures, at most a line. */
export function plain(text: string): string {
  return text
    .replace(/\S*\/onnxruntime\/\S+:\d+[^\n]*?\)\s/g, '')
    .replace(/\w+\.(?:h|cc|cpp):\d+ (?:\w+ )?/g, '')
    .replace(/\[ONNXRuntimeError\] : \d+ : \w+ : /g, '')
    .replace(/Non-zero status code returned while running /, 'running ')
    .split('\n')[0]
    .trim()
    .slice(0, 400);
}

export function wordsFor(text: string): string | null {
  for (const [pattern, words] of knownReasons) {
    const match = pattern.exec(text);
    if (match) return typeof words === 'string' ? words : words(match);
  }
  return null;
}
