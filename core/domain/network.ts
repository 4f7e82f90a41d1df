/** One tensor of a model that can be captured. */
export interface CapturableTensor {
  name: string;
  /** ONNX operator that makes it, e.g. `Relu`. */
  op: string;
  /** Name of that node (may be empty in the file). */
  node: string;
  /** Dimensions; a string is a symbolic (dynamic) one, null unknown. Empty when the rank is unknown. */
  shape: (number | string | null)[];
  /** Number of units (channels or features), null when it is not known before a run. */
  units: number | null;
  type: string;
  /** How its axes are read where a recipe does not say: see tensor-axes.ts. Left out: it must say. */
  axes?: string;
  /** Left out where the values are taken as they are. */
  reading?: Exclude<TensorReading, 'values'>;
}

/** How activations become numbers: as they are, (integer - zero point) x scale, or integers whose scale is not known. */
export type TensorReading = 'values' | 'dequantised' | 'integers';

/** A tensor that cannot be captured, and why. */
export interface OtherTensor {
  name: string;
  op: string;
  why: string;
}

export interface ModelInput {
  name: string;
  type: string;
  shape: (number | string | null)[];
}

/** One node of a model's main graph; constants are left out. */
export interface ModelNode {
  /** ONNX operator; `Input` for an input of the model. */
  op: string;
  /** As written in the file, may be empty. */
  name: string;
  /** Indices of the nodes whose outputs it reads, ascending. */
  from: number[];
  /** Names of the tensors it makes. */
  tensors: string[];
}

/** What `inspect` tells of a model. */
export interface ModelInspection {
  file: string;
  bytes: number;
  sha256: string;
  producer: string;
  opset: number;
  inputs: ModelInput[];
  tensors: CapturableTensor[];
  /** Tensors in bodies and functions, and values that are no tensors of numbers. */
  notCapturable?: OtherTensor[];
  /** Files beside the model that hold its weights. */
  weightFiles?: string[];
  /** In the file's order, which is that of computation; inputs first. */
  nodes: ModelNode[];
  /** Of a file of saved activations, whose arrays stand for tensors. */
  activations?: { samples: number };
}

/** Operator of a tensor that was saved before, instead of made by a node. */
export const savedOp = 'Saved';

export function isSaved(tensors: readonly CapturableTensor[]): boolean {
  return tensors.length > 0 && tensors.every(({ op }) => op === savedOp);
}
