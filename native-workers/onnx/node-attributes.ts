import type { NodeProto } from 'onnx-buf';

/** Attributes of a node, with the defaults of the ONNX standard given by the caller. */
export function integerOf(node: NodeProto, name: string, fallback: number): number {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found ? Number(found.i) : fallback;
}

export function integersOf(node: NodeProto, name: string): number[] | null {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found && found.ints.length > 0 ? found.ints.map(Number) : null;
}

export function textOf(node: NodeProto, name: string, fallback: string): string {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found && found.s.length > 0 ? new TextDecoder().decode(found.s) : fallback;
}
