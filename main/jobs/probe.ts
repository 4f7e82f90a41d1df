import { join } from 'node:path';
import { lineThrough } from '#core/estimate/makespan.ts';
import { nextPass } from '#core/estimate/probe-plan.ts';
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

/** The first pass is this short; `nextPass` says how long the next ones are. */
const firstImages = 16;

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
    const all = parts.images;
    const done = [
      await passes(request, tasks, parts, Math.min(all, Math.max(firstImages, smallestFor(request)))),
    ];
    const next = () =>
      nextPass(
        done.map((pass) => ({ size: pass.images, value: pass.captureSeconds + pass.secondSeconds })),
        all,
      );
    for (let images = next(); images !== null; images = next()) {
      notes.length = 0;
      done.push(await passes(request, tasks, parts, images));
    }
    const high = done[done.length - 1];
    const low = done[done.length - 2] ?? { ...high, images: 0, captureSeconds: 0, secondSeconds: 0 };
    if (done.length === 1 && high.images < all)
      notes.push(`Passes are slow here: the estimate rests on ${high.images} images.`);
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
      capture: { ...capture, base: capture.base + high.sessionSeconds },
      second: { ...second, base: second.base + high.secondSessionSeconds + high.countSeconds },
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
  { engine, jobId, folder, images: all }: ProbeParts,
  images: number,
) {
  const { recipe } = request;
  const { arrays, layers, timings } = await engine.methods.capture({
    ...passRequestOf(request, { jobId, outFile: join(folder, `capture-${images}.arrays`), limit: images }),
    topK: topInputs,
    extras: extrasOf(recipe),
  });
  const wanted = secondPassOf(tasks, recipe);
  const second = wanted
    ? await engine.methods.secondPass({
        ...passRequestOf(request, { jobId, outFile: join(folder, `second-${images}.arrays`), limit: images }),
        capture: { layers, arrays },
        ...wanted,
        trialOf: all,
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
    countSeconds: (second?.leftMs ?? 0) / 1000,
  };
}

/** Without the models' loading, which is paid once. */
function readingSeconds({ inferenceMs, accumulateMs, decodeWaitMs }: PassTimings): number {
  return (inferenceMs + accumulateMs + decodeWaitMs) / 1000;
}
