/**
 * Electron security checklist, item 17, second half: what a page sends is untrusted. Before any schema looks at
 * it, it must be plain JSON-like data of bounded size and depth.
 */
const maxInputBytes = 1024 * 1024;
const maxDepth = 32;

/**
 * Null when the input is acceptable, otherwise why not. Walks at most `limit` bytes' worth of values, so a huge
 * input costs no more than one of the allowed size. Bytes are counted as UTF-16 characters and 8 per other value.
 */
export function inputObjection(input: unknown, limit = maxInputBytes): string | null {
  let left = limit;
  const visit = (value: unknown, depth: number): string | null => {
    left -= typeof value === 'string' ? value.length + 2 : 8;
    if (left < 0) return `The request is larger than ${limit} bytes.`;
    if (depth > maxDepth) return `The request is nested deeper than ${maxDepth} levels.`;
    if (value === null || value === undefined || ['string', 'number', 'boolean'].includes(typeof value))
      return null;
    if (Array.isArray(value)) return firstObjection(value, depth);
    if (!isPlainObject(value)) return 'The request holds something other than plain data.';
    for (const [key, item] of Object.entries(value)) {
      left -= key.length + 2;
      const objection = visit(item, depth + 1);
      if (objection) return objection;
    }
    return null;
  };
  const firstObjection = (items: unknown[], depth: number): string | null => {
    for (const item of items) {
      const objection = visit(item, depth + 1);
      if (objection) return objection;
    }
    return null;
  };
  return visit(input, 0);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
