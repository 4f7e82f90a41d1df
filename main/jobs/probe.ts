import { join } from 'node:path';
import { lineThrough } from '#core/estimate/makespan.ts';
import type { ArrayFile, CapturedLayer, PassTimings } from '#core/ipc/engine.ts';
import type { EngineService, RunRequest } from '../app/services.ts';
import { extrasOf, passRequestOf, secondPassOf, topInputs } from './pass-request.ts';
import type { Task } from './plan-tasks.ts';

export interface ProbeParts {
  engine: EngineService;
  jobId: string;
  folder: string;
  /** Images of the whole run. */
  images: number;
  /** Without it the passes are made for their layers' sizes alone. */
  needsCapture: boolean;
}

/** Seconds of a pass over n images: base + slope n. */
interface PassLine {
  base: number;
  slope: number;
}

export interface Probe {
  capture: PassLine;
  /** Zero where no second pass is needed. */
  second: PassLine;
  layers: CapturedLayer[];
  arrays: ArrayFile;
  residentBytes: number;
  peakBytes: number;
  notes: string[];
}

/** Images that show whether the networks are quick; then as many as take about this long. */
const firstImages = 16;
const probeSeconds = 1.6;
/** At most, whatever the speed: the batches of a run are no larger than 64. */
const mostImages = 640;
const leastImages = 64;

/**
 * Short passes of the real networks over the first images of the real data, at two sizes, so that what is paid once
 * (models, merging of groups, writing) is told apart from what every image costs.
 */
export async function probe(request: RunRequest, tasks: readonly Task[], parts: ProbeParts): Promise<Probe> {
  const notes: string[] = [];
  const stop = parts.engine.follow(parts.jobId, {
    note: (sentence) => void (notes.includes(sentence) || notes.push(sentence)),
  });
  try {
    const least = smallestFor(request);
    const warm = await passes(request, tasks, parts, Math.min(parts.images, Math.max(firstImages, least)));
    const perImage = (warm.captureSeconds + warm.secondSeconds) / warm.images;
    const affordable = Math.round(probeSeconds / Math.max(perImage, 1e-6));
    const large = Math.min(parts.images, Math.max(leastImages, least, Math.min(mostImages, affordable)));
    const small = Math.min(parts.images, Math.max(least, Math.round(large / 4)));
    // Where even that is long, the first, cold pass has to do.
    const isSlow = perImage * leastImages > 4 * probeSeconds;
    notes.length = 0;
    const low = isSlow ? warm : await passes(request, tasks, parts, small);
    const high = isSlow ? warm : await passes(request, tasks, parts, large);
    if (isSlow) notes.push(`The networks are slow here: the estimate rests on ${warm.images} images.`);
    const line = (of: 'captureSeconds' | 'secondSeconds') => {
      const { base, slope } = lineThrough(
        { size: low.images, value: low[of] },
        { size: high.images, value: high[of] },
      );
      return { base, slope };
    };
    const capture = line('captureSeconds');
    const second = line('secondSeconds');
    const { residentBytes, peakBytes } = high;
    return {
      capture: { ...capture, base: capture.base + warm.sessionSeconds },
      second: { ...second, base: second.base + high.secondSessionSeconds },
      layers: high.layers,
      arrays: high.arrays,
      residentBytes,
      peakBytes,
      notes,
    };
  } finally {
    stop();
  }
}

/** Both folds need an image, and every group of images two. */
function smallestFor({ recipe }: RunRequest): number {
  const { folds } = recipe;
  const smallFold = folds ? Math.ceil(1 / Math.min(folds.test, 1 - folds.test)) : 1;
  return Math.max(smallFold, 2 * (extrasOf(recipe)?.blocks ?? 0));
}

async function passes(
  request: RunRequest,
  tasks: readonly Task[],
  { engine, jobId, folder }: ProbeParts,
  images: number,
) {
  const { recipe } = request;
  const few = { ...request, recipe: { ...recipe, data: { ...recipe.data, limit: images } } };
  const { arrays, layers, timings } = await engine.methods.capture({
    ...passRequestOf(few, { jobId, outFile: join(folder, `capture-${images}.arrays`) }),
    topK: topInputs,
    extras: extrasOf(recipe),
  });
  const wanted = secondPassOf(tasks, recipe);
  const second = wanted
    ? await engine.methods.secondPass({
        ...passRequestOf(few, { jobId, outFile: join(folder, `second-${images}.arrays`) }),
        capture: { layers, arrays },
        ...wanted,
      })
    : null;
  const { residentBytes, peakBytes } = await engine.methods.machine();
  return {
    images,
    arrays,
    layers,
    residentBytes,
    peakBytes,
    sessionSeconds: timings.sessionMs / 1000,
    captureSeconds: readingSeconds(timings),
    secondSessionSeconds: second ? second.timings.sessionMs / 1000 : 0,
    secondSeconds: second ? readingSeconds(second.timings) : 0,
  };
}

/** Without the models' loading, which is paid once. */
function readingSeconds({ inferenceMs, accumulateMs, decodeWaitMs }: PassTimings): number {
  return (inferenceMs + accumulateMs + decodeWaitMs) / 1000;
}
