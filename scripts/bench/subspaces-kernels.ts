import { createRandom } from '#core/random.ts';
import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { canonicalCorrelations } from '#core/numeric/subspaces/canonical-correlations.ts';
import { linearCka } from '#core/numeric/subspaces/linear-cka.ts';
import { swapped, type PairMoments } from '#core/numeric/subspaces/pair-moments.ts';
import { principalComponents } from '#core/numeric/subspaces/principal-components.ts';
import { openLinearAlgebra } from '../../native-workers/linalg/choose-algebra.ts';
import { leastSeconds, type KernelCase } from './kernel-case.ts';

const samples = 10_000;
const units = 1024;

/** From centred activations to canonical correlations with their directions, and to CKA. */
export function subspaceCases(): Promise<KernelCase[]> {
  const kernelCase = (
    title: string,
    peer: string,
    goal: number | null,
    work: (pair: PairMoments, algebra: LinearAlgebra) => unknown,
  ): KernelCase => ({
    name: `${title}, ${samples} x ${units}`,
    goal,
    ours: async () => {
      const algebra = await openLinearAlgebra();
      const [x, y] = activations();
      return leastSeconds(3, async () => work(await moments(x, y, algebra), algebra));
    },
    peer: { script: 'subspaces.py', args: [peer, String(samples), String(units)] },
  });
  return Promise.resolve([
    kernelCase('CCA of given activations, QR and SVD', 'cca', 0.5, async (pair, algebra) => {
      const x = await principalComponents(pair.p, pair.xx, algebra);
      const y = await principalComponents(pair.q, swapped(pair).xx, algebra);
      return canonicalCorrelations(pair, x, y, algebra);
    }),
    kernelCase('CKA of given activations, QR and SVD', 'cka-qr', 0.5, linearCka),
    kernelCase('CKA of given activations, three products', 'cka', null, linearCka),
  ]);
}

async function moments(x: Float64Array, y: Float64Array, algebra: LinearAlgebra): Promise<PairMoments> {
  for (const data of [x, y]) centre(data);
  return {
    n: samples,
    p: units,
    q: units,
    xx: await algebra.gram(samples, units, x),
    yy: await algebra.gram(samples, units, y),
    xy: await algebra.multiply(units, samples, units, x, y, { a: true }),
  };
}

function centre(data: Float64Array): void {
  const mean = new Float64Array(units);
  for (let from = 0; from < data.length; from += units)
    for (let unit = 0; unit < units; unit++) mean[unit] += data[from + unit] / samples;
  for (let from = 0; from < data.length; from += units)
    for (let unit = 0; unit < units; unit++) data[from + unit] -= mean[unit];
}

/** Every fourth unit of the two is shared but for noise. */
function activations(): [Float64Array, Float64Array] {
  const { nextFloat } = createRandom(1);
  const network = () => Float64Array.from({ length: samples * units }, () => nextFloat());
  const [x, y] = [network(), network()];
  for (let at = 0; at < x.length; at += 4) y[at] = x[at] + y[at] / 2;
  return [x, y];
}
