import { fields, padded } from '../bytes.ts';

/**
 * Pieces of HDF5 as the first version of its file format has them (HDF5 File Format Specification 3.0: III.A version 0,
 * IV.A.1.a, IV.A.2), which every reader since 1998 knows.
 */

export type NumberType = 'float64' | 'float32' | 'int32' | 'uint16' | 'uint8';

export const numberBytes: Record<NumberType, number> = {
  float64: 8,
  float32: 4,
  int32: 4,
  uint16: 2,
  uint8: 1,
};

/** Text of a fixed length, or one number. */
export interface Hdf5Attribute {
  name: string;
  value: string | { type: NumberType; number: number };
}

export const undefinedAddress = 0xffffffffffffffffn;

const classes = { fixed: 0x10, float: 0x11, string: 0x13 };
const isSigned = 0x08;
/** The leading bit of the mantissa is not stored. */
const impliedBit = 0x20;
const utf8 = 0x10;

function integerType(bytes: number, signs: number): Buffer {
  return fields([1, classes.fixed], [1, signs], [2, 0], [4, bytes], [2, 0], [2, 8 * bytes]);
}

function floatType(bytes: number, exponentBits: number, bias: number): Buffer {
  const mantissa = 8 * bytes - 1 - exponentBits;
  return Buffer.concat([
    fields(
      [1, classes.float],
      [1, impliedBit],
      [1, 8 * bytes - 1],
      [1, 0],
      [4, bytes],
      [2, 0],
      [2, 8 * bytes],
    ),
    fields([1, mantissa], [1, exponentBits], [1, 0], [1, mantissa], [4, bias]),
  ]);
}

const numberTypes: Record<NumberType, Buffer> = {
  float64: floatType(8, 11, 1023),
  float32: floatType(4, 8, 127),
  int32: integerType(4, isSigned),
  uint16: integerType(2, 0),
  uint8: integerType(1, 0),
};

/** Text ends with its last byte: no terminator is stored, as MATLAB has it. */
function textType(text: Buffer): Buffer {
  const isAscii = text.every((byte) => byte < 0x80);
  return fields([1, classes.string], [1, isAscii ? 0 : utf8], [2, 0], [4, Math.max(1, text.length)]);
}

function dataspace(dims: readonly number[]): Buffer {
  const sides = dims.map((side): [8, number] => [8, side]);
  return fields([1, 1], [1, dims.length], [2, 0], [4, 0], ...sides);
}

function message(type: number, data: Buffer): Buffer {
  const body = padded(data);
  if (body.length > 0xffff)
    throw new RangeError(`An HDF5 header message of ${body.length} bytes is too long.`);
  return Buffer.concat([fields([2, type], [2, body.length], [1, 0], [1, 0], [2, 0]), body]);
}

function attributeMessage({ name, value }: Hdf5Attribute): Buffer {
  const text = typeof value === 'string' ? Buffer.from(value) : null;
  const type = text ? textType(text) : numberTypes[(value as { type: NumberType }).type];
  const space = dataspace([]);
  const label = Buffer.from(`${name}\0`);
  const content = text
    ? padded(text, Math.max(1, text.length))
    : numberContent(value as { type: NumberType; number: number });
  return message(
    0x0c,
    Buffer.concat([
      fields([1, 1], [1, 0], [2, label.length], [2, type.length], [2, space.length]),
      padded(label),
      padded(type),
      padded(space),
      content,
    ]),
  );
}

function numberContent({ type, number }: { type: NumberType; number: number }): Buffer {
  const bytes = Buffer.alloc(numberBytes[type]);
  if (type === 'float64') bytes.writeDoubleLE(number);
  else if (type === 'float32') bytes.writeFloatLE(number);
  else if (type === 'int32') bytes.writeInt32LE(number);
  else bytes.writeUIntLE(number, 0, bytes.length);
  return bytes;
}

function objectHeader(messages: readonly Buffer[]): Buffer {
  const body = Buffer.concat(messages);
  return Buffer.concat([
    fields([1, 1], [1, 0], [2, messages.length], [4, 1], [4, body.length], [4, 0]),
    body,
  ]);
}

/** Values lie in one piece at `address`. */
export function datasetHeader(
  type: NumberType,
  dims: readonly number[],
  address: number,
  attributes: readonly Hdf5Attribute[],
): Buffer {
  const bytes = dims.reduce((product, side) => product * side, numberBytes[type]);
  return objectHeader([
    message(0x01, dataspace(dims)),
    message(0x03, numberTypes[type]),
    // Version 2; space is taken late, filled where a value is set, which is the default.
    message(0x05, fields([1, 2], [1, 2], [1, 2], [1, 1], [4, 0])),
    message(0x08, fields([1, 3], [1, 1], [8, bytes === 0 ? undefinedAddress : address], [8, bytes])),
    ...attributes.map(attributeMessage),
  ]);
}

export function groupHeader(tree: number, heap: number, attributes: readonly Hdf5Attribute[]): Buffer {
  return objectHeader([message(0x11, fields([8, tree], [8, heap])), ...attributes.map(attributeMessage)]);
}
