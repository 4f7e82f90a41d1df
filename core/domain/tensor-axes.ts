/**
 * What the axes of a tensor are, one letter an axis: `N` samples (once), `C` units (several: their product), and
 * `T H W D S` positions. `NCHW` is a convolution's output, `NTC` tokens of a transformer, `NCTT` attention maps with
 * heads as units, `NCTC` heads x features at every token, `TNC` a sequence-first layer.
 */
export const axesPattern = /^(?=[^N]*N[^N]*$)(?=.*C)[NCTHWDS]{2,8}$/;

export interface TensorAxes {
  /** Order that brings samples first, then units, then positions. */
  order: number[];
  /** How many axes are units. */
  units: number;
}

export function readAxes(text: string): TensorAxes {
  const at = (isWanted: (letter: string) => boolean) =>
    [...text].flatMap((letter, axis) => (isWanted(letter) ? [axis] : []));
  const units = at((letter) => letter === 'C');
  const order = [
    ...at((letter) => letter === 'N'),
    ...units,
    ...at((letter) => letter !== 'N' && letter !== 'C'),
  ];
  return { order, units: units.length };
}

/** How tensors of a rank are read where nothing more is known of them; null: not at all. */
export function usualAxes(rank: number): string | null {
  return ['NC', 'NTC', 'NCHW', 'NCDHW'][rank - 2] ?? null;
}

/**
 * Units and sizes of positions of a tensor, samples first, as it is read with these axes; null where they do not fit or
 * nothing is known of such a rank.
 */
export function unitsOfShape<Size>(
  shape: readonly Size[],
  axes = usualAxes(shape.length),
): { units: Size[]; positions: Size[] } | null {
  if (axes?.length !== shape.length) return null;
  const { order, units } = readAxes(axes);
  const sizes = order.slice(1).map((axis) => shape[axis]);
  return { units: sizes.slice(0, units), positions: sizes.slice(units) };
}
