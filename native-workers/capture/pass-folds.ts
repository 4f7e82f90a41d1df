import type { PassRequest } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import { assignFolds } from '#core/numeric/folds/assign-folds.ts';

/** Fold of every image: 1 = test. */
export function foldsOf(request: PassRequest, samples: number): Uint8Array {
  if (!request.folds) return new Uint8Array(samples);
  const tests = Math.round(request.folds.test * samples);
  if (tests === 0 || tests === samples) {
    throw new AppError(
      'bad-recipe',
      `folds.test ${request.folds.test} of ${samples} images leaves a fold empty; use more images, another share, or folds: none.`,
    );
  }
  return assignFolds(samples, request.folds.test, request.folds.seed);
}
