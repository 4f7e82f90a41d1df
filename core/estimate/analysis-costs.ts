/**
 * What one result of each analysis costs one thread, by units a side, at default options: made by
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

/** Speed of 512 x 512 products in double precision on the machine that the seconds are from. */
export const referenceGflops = 31.3;

export const analysisCosts = {
  correlation: [
    { units: 16, seconds: 0.000139, bytes: 6144, workMiB: 0 },
    { units: 32, seconds: 0.000156, bytes: 24576, workMiB: 0 },
    { units: 64, seconds: 0.00143, bytes: 98304, workMiB: 0 },
    { units: 128, seconds: 0.000815, bytes: 393216, workMiB: 0 },
    { units: 256, seconds: 0.0154, bytes: 1572864, workMiB: 3 },
    { units: 512, seconds: 0.0296, bytes: 6291456, workMiB: 0 },
  ],
  matching: [
    { units: 16, seconds: 0.000678, bytes: 2048, workMiB: 0 },
    { units: 32, seconds: 0.00103, bytes: 6144, workMiB: 0 },
    { units: 64, seconds: 0.00193, bytes: 20480, workMiB: 0 },
    { units: 128, seconds: 0.00469, bytes: 73728, workMiB: 0 },
    { units: 256, seconds: 0.0163, bytes: 278528, workMiB: 0 },
    { units: 512, seconds: 0.0195, bytes: 1081344, workMiB: 1 },
  ],
  'mutual-information': [
    { units: 16, seconds: 0.00261, bytes: 9472, workMiB: 1 },
    { units: 32, seconds: 0.0125, bytes: 31232, workMiB: 0 },
    { units: 64, seconds: 0.0445, bytes: 111616, workMiB: 0 },
    { units: 128, seconds: 0.168, bytes: 419840, workMiB: 0 },
    { units: 256, seconds: 0.586, bytes: 1626112, workMiB: 1 },
  ],
  'sparse-mapping': [
    { units: 16, seconds: 0.0138, bytes: 16528, workMiB: 3 },
    { units: 32, seconds: 0.0257, bytes: 57488, workMiB: 6 },
    { units: 64, seconds: 0.132, bytes: 213136, workMiB: 7 },
    { units: 128, seconds: 0.779, bytes: 819344, workMiB: 10 },
    { units: 256, seconds: 8.25, bytes: 3211408, workMiB: 0 },
  ],
  'spectral-clusters': [
    { units: 16, seconds: 0.0361, bytes: 82480, workMiB: 0 },
    { units: 32, seconds: 0.0882, bytes: 97072, workMiB: 2 },
    { units: 64, seconds: 0.267, bytes: 150832, workMiB: 1 },
    { units: 128, seconds: 0.634, bytes: 356656, workMiB: 3 },
    { units: 256, seconds: 4.29, bytes: 1161520, workMiB: 3 },
    { units: 512, seconds: 16.9, bytes: 4344112, workMiB: 32 },
  ],
  subspaces: [
    { units: 16, seconds: 0.0116, bytes: 2752, workMiB: 2 },
    { units: 32, seconds: 0.0419, bytes: 5440, workMiB: 23 },
    { units: 64, seconds: 0.198, bytes: 10800, workMiB: 16 },
    { units: 128, seconds: 0.504, bytes: 21520, workMiB: 7 },
    { units: 256, seconds: 2.25, bytes: 42960, workMiB: 7 },
    { units: 512, seconds: 15.7, bytes: 85776, workMiB: 0 },
  ],
  code: [
    { units: 16, seconds: 0.00204, bytes: 80, workMiB: 1 },
    { units: 32, seconds: 0.0106, bytes: 80, workMiB: 0 },
    { units: 64, seconds: 0.0262, bytes: 80, workMiB: 4 },
    { units: 128, seconds: 0.0828, bytes: 80, workMiB: 12 },
    { units: 256, seconds: 0.275, bytes: 80, workMiB: 0 },
    { units: 512, seconds: 1.74, bytes: 80, workMiB: 32 },
  ],
  certainty: [
    { units: 16, seconds: 0.0374, bytes: 23600, workMiB: 4 },
    { units: 32, seconds: 0.0529, bytes: 42928, workMiB: 6 },
    { units: 64, seconds: 0.135, bytes: 118448, workMiB: 7 },
    { units: 128, seconds: 0.549, bytes: 416944, workMiB: 14 },
    { units: 256, seconds: 1.07, bytes: 1603760, workMiB: 0 },
    { units: 512, seconds: 5.18, bytes: 6336688, workMiB: 44 },
  ],
  neighbourhoods: [
    { units: 16, seconds: 0.000523, bytes: 1056, workMiB: 0 },
    { units: 32, seconds: 0.00206, bytes: 2112, workMiB: 0 },
    { units: 64, seconds: 0.00592, bytes: 4224, workMiB: 0 },
    { units: 128, seconds: 0.0196, bytes: 8448, workMiB: 1 },
    { units: 256, seconds: 0.832, bytes: 17408, workMiB: 2 },
  ],
  'many-networks': [
    { units: 16, seconds: 0.0527, bytes: 2944, workMiB: 3 },
    { units: 32, seconds: 0.126, bytes: 5760, workMiB: 10 },
    { units: 64, seconds: 0.202, bytes: 11392, workMiB: 13 },
    { units: 128, seconds: 0.508, bytes: 22656, workMiB: 1 },
    { units: 256, seconds: 0.917, bytes: 45184, workMiB: 0 },
  ],
  'layer-map': [
    { units: 16, seconds: 0.000148, bytes: 288, workMiB: 0 },
    { units: 32, seconds: 0.000125, bytes: 288, workMiB: 0 },
    { units: 64, seconds: 0.000328, bytes: 288, workMiB: 0 },
    { units: 128, seconds: 0.000332, bytes: 288, workMiB: 0 },
    { units: 256, seconds: 0.00111, bytes: 288, workMiB: 0 },
    { units: 512, seconds: 0.00382, bytes: 288, workMiB: 0 },
  ],
} satisfies Record<string, CostPoint[]>;
