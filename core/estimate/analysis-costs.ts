/**
 * What one result of each analysis (and of methods of subspaces on samples) costs one thread, by units a side, at default options: made by
 * `npm run bench -- estimate --table` (scripts/bench/estimate.bench.ts); do not edit.
 */
export interface CostPoint {
  units: number;
  seconds: number;
  /** Of the result's arrays. */
  bytes: number;
  /** Resident memory above the task's inputs. */
  workMiB: number;
}

/** Speed of 384 x 384 products in double precision on the machine that the seconds are from. */
export const referenceGflops = 25.0;

export const analysisCosts = {
  correlation: [
    { units: 16, seconds: 0.000086, bytes: 6144, workMiB: 0 },
    { units: 32, seconds: 0.000118, bytes: 24576, workMiB: 0 },
    { units: 64, seconds: 0.000194, bytes: 98304, workMiB: 0 },
    { units: 128, seconds: 0.000409, bytes: 393216, workMiB: 0 },
    { units: 256, seconds: 0.000409, bytes: 1572864, workMiB: 4 },
    { units: 512, seconds: 0.000409, bytes: 6291456, workMiB: 16 },
  ],
  matching: [
    { units: 16, seconds: 0.00101, bytes: 2048, workMiB: 0 },
    { units: 32, seconds: 0.00345, bytes: 6144, workMiB: 0 },
    { units: 64, seconds: 0.00662, bytes: 20480, workMiB: 0 },
    { units: 128, seconds: 0.00772, bytes: 73728, workMiB: 0 },
    { units: 256, seconds: 0.0136, bytes: 278528, workMiB: 5 },
    { units: 512, seconds: 0.0508, bytes: 1081344, workMiB: 17 },
  ],
  'mutual-information': [
    { units: 16, seconds: 0.00499, bytes: 9472, workMiB: 0 },
    { units: 32, seconds: 0.0208, bytes: 31232, workMiB: 1 },
    { units: 64, seconds: 0.0795, bytes: 111616, workMiB: 2 },
    { units: 128, seconds: 0.288, bytes: 419840, workMiB: 2 },
    { units: 256, seconds: 0.78, bytes: 1626112, workMiB: 7 },
  ],
  'sparse-mapping': [
    { units: 16, seconds: 0.0172, bytes: 16528, workMiB: 1 },
    { units: 32, seconds: 0.0598, bytes: 57488, workMiB: 2 },
    { units: 64, seconds: 0.189, bytes: 213136, workMiB: 13 },
    { units: 128, seconds: 1.1, bytes: 819344, workMiB: 44 },
    { units: 256, seconds: 8.32, bytes: 3211408, workMiB: 76 },
  ],
  'spectral-clusters': [
    { units: 16, seconds: 0.0565, bytes: 82480, workMiB: 0 },
    { units: 32, seconds: 0.0831, bytes: 97072, workMiB: 0 },
    { units: 64, seconds: 0.217, bytes: 150832, workMiB: 7 },
    { units: 128, seconds: 0.737, bytes: 356656, workMiB: 31 },
    { units: 256, seconds: 4.14, bytes: 1161520, workMiB: 50 },
    { units: 512, seconds: 12.6, bytes: 4344112, workMiB: 95 },
  ],
  subspaces: [
    { units: 16, seconds: 0.0211, bytes: 12800, workMiB: 1 },
    { units: 32, seconds: 0.0505, bytes: 25328, workMiB: 12 },
    { units: 64, seconds: 0.21, bytes: 50400, workMiB: 38 },
    { units: 128, seconds: 0.675, bytes: 100544, workMiB: 83 },
    { units: 256, seconds: 2.99, bytes: 200800, workMiB: 114 },
    { units: 512, seconds: 16.8, bytes: 401264, workMiB: 162 },
  ],
  code: [
    { units: 16, seconds: 0.00603, bytes: 80, workMiB: 0 },
    { units: 32, seconds: 0.01, bytes: 80, workMiB: 0 },
    { units: 64, seconds: 0.0343, bytes: 80, workMiB: 2 },
    { units: 128, seconds: 0.0852, bytes: 80, workMiB: 18 },
    { units: 256, seconds: 0.358, bytes: 80, workMiB: 35 },
    { units: 512, seconds: 2.21, bytes: 80, workMiB: 87 },
  ],
  certainty: [
    { units: 16, seconds: 0.0503, bytes: 23600, workMiB: 0 },
    { units: 32, seconds: 0.0728, bytes: 42928, workMiB: 2 },
    { units: 64, seconds: 0.182, bytes: 118448, workMiB: 9 },
    { units: 128, seconds: 0.518, bytes: 416944, workMiB: 52 },
    { units: 256, seconds: 1.22, bytes: 1603760, workMiB: 85 },
    { units: 512, seconds: 4.03, bytes: 6336688, workMiB: 87 },
  ],
  neighbourhoods: [
    { units: 16, seconds: 0.0108, bytes: 2112, workMiB: 0 },
    { units: 32, seconds: 0.0235, bytes: 5632, workMiB: 0 },
    { units: 64, seconds: 0.14, bytes: 20608, workMiB: 18 },
    { units: 128, seconds: 0.87, bytes: 54784, workMiB: 25 },
    { units: 256, seconds: 1.68, bytes: 27136, workMiB: 53 },
  ],
  'many-networks': [
    { units: 16, seconds: 0.0635, bytes: 18624, workMiB: 1 },
    { units: 32, seconds: 0.219, bytes: 37056, workMiB: 23 },
    { units: 64, seconds: 0.278, bytes: 73920, workMiB: 36 },
    { units: 128, seconds: 0.691, bytes: 147648, workMiB: 46 },
    { units: 256, seconds: 1.21, bytes: 295104, workMiB: 78 },
  ],
  'layer-map': [
    { units: 16, seconds: 0.000191, bytes: 288, workMiB: 0 },
    { units: 32, seconds: 0.000264, bytes: 288, workMiB: 0 },
    { units: 64, seconds: 0.000291, bytes: 288, workMiB: 0 },
    { units: 128, seconds: 0.00074, bytes: 288, workMiB: 0 },
    { units: 256, seconds: 0.00146, bytes: 288, workMiB: 0 },
    { units: 512, seconds: 0.00656, bytes: 288, workMiB: 0 },
  ],
  'rbf-cka': [
    { units: 16, seconds: 0.575, bytes: 0, workMiB: 72 },
    { units: 32, seconds: 0.611, bytes: 0, workMiB: 64 },
    { units: 64, seconds: 0.876, bytes: 0, workMiB: 74 },
    { units: 128, seconds: 1.07, bytes: 0, workMiB: 85 },
    { units: 256, seconds: 2, bytes: 0, workMiB: 113 },
    { units: 512, seconds: 6.09, bytes: 0, workMiB: 141 },
  ],
  rsa: [
    { units: 16, seconds: 0.969, bytes: 0, workMiB: 90 },
    { units: 32, seconds: 0.969, bytes: 0, workMiB: 91 },
    { units: 64, seconds: 1.21, bytes: 0, workMiB: 100 },
    { units: 128, seconds: 1.21, bytes: 0, workMiB: 90 },
    { units: 256, seconds: 2.42, bytes: 0, workMiB: 101 },
    { units: 512, seconds: 6.13, bytes: 0, workMiB: 132 },
  ],
} satisfies Record<string, CostPoint[]>;
