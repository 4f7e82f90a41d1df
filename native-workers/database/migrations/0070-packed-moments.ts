import type { Migration } from './migration.ts';

/**
 * Moments of a pass that is stored from now on are packed triangles; those of older ones are read as they are, and
 * older programs cannot read the new ones.
 */
export const packedMoments: Migration = {
  version: 70,
  apply(): void {
    // The tables are the same.
  },
};
