import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/errors.ts';
import { endedStates, type JobRecord } from '#core/domain/job.ts';
import { providerNames } from '#core/domain/provider.ts';
import { analysisNames } from '#core/domain/recipe.ts';
import type { FigureSources, StoredFigure } from '#core/domain/figure.ts';
import { pageSpecSchema } from '#core/figure/spec.ts';
import type { HeadlineValue } from '#core/domain/result.ts';
import type { NewCapture, NewCheckpoint, NewResult, NewRun } from '#core/ipc/database.ts';

/** What callers may send. Objects that are only kept and given back (provenance, summaries) are checked as such. */

const id = z.string().min(1).max(200);
const name = z.string().min(1).max(200);
const count = z.int().nonnegative();
const path = z.string().min(1).refine(isAbsolute, 'must be an absolute path');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');
const record = z.record(z.string(), z.unknown());
const milliseconds = z.number().nonnegative();
const time = z.iso.datetime();
const layerRef = z.strictObject({ network: name, layer: name });

const arrayFile = z.strictObject({
  path,
  arrays: z
    .array(
      z.strictObject({
        name,
        dtype: z.enum(['float64', 'float32', 'int32', 'uint8']),
        rows: count,
        cols: count,
        offset: count,
        bytes: count,
      }),
    )
    .refine((arrays) => new Set(arrays.map((array) => array.name)).size === arrays.length, {
      message: 'must not name an array twice',
    }),
});

export const schemas = {
  path,
  id,
  ids: z.array(id),
  name,
  sha256,
  count,
  milliseconds,
  level: z.int().min(0).max(64),
  words: z.array(z.string().nullable()),
  order: z.array(z.int().nonnegative()),
  mode: z.enum(['create', 'open', 'open-or-create']),
  title: z.string().min(1).max(500).optional(),
  result: z.strictObject({
    id,
    analysis: z.enum(analysisNames),
    a: layerRef,
    b: layerRef,
    params: record,
    headline: z.record(z.string(), z.custom<HeadlineValue>(isHeadlineValue, 'must be a number or a list')),
    elapsedMs: milliseconds,
    provenance: z.custom<NewResult['provenance']>(isObject, 'must be an object'),
    arrays: arrayFile,
  }) satisfies z.ZodType<NewResult>,
  capture: z.strictObject({
    id,
    summary: z.custom<NewCapture['summary']>(isObject, 'must be an object'),
    arrays: arrayFile,
  }) satisfies z.ZodType<NewCapture>,
  checkpoint: z.strictObject({
    captureId: id,
    position: z.strictObject({
      pass: z.int().positive().optional(),
      done: count,
      batch: z.int().positive(),
      made: z.record(z.string(), z.string()),
      timings: z.custom<NewCheckpoint['position']['timings']>(isObject, 'must be an object'),
      skipped: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
      notes: z.array(z.string()),
    }),
    arrays: arrayFile,
  }) satisfies z.ZodType<NewCheckpoint>,
  run: z.strictObject({
    id,
    title: z.string().max(500),
    recipe: z.string(),
    data: z.custom<NewRun['data']>(isObject, 'must be an object'),
    networks: z.custom<NewRun['networks']>(Array.isArray, 'must be a list'),
    layers: z.custom<NewRun['layers']>(Array.isArray, 'must be a list'),
    captureId: id,
    resultIds: z.array(id),
  }) satisfies z.ZodType<NewRun>,
  figureName: z.string().min(1).max(200),
  figure: z.strictObject({
    id,
    name: z.string().min(1).max(200),
    page: pageSpecSchema,
    sources: z.custom<FigureSources>(isObject, 'must be an object'),
    createdAt: time,
    savedAt: time,
  }) satisfies z.ZodType<StoredFigure>,
  job: z.strictObject({
    id,
    title: z.string().max(500),
    state: z.enum(endedStates),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time,
    pausedMs: milliseconds,
    runId: id.nullable(),
    error: z.custom<JobRecord['error']>((value) => value === null || isObject(value), 'must be an object'),
    log: z.array(z.strictObject({ at: time, text: z.string().max(5000), kind: z.enum(['step', 'problem']) })),
    request: z
      .strictObject({
        recipeText: z.string(),
        baseFolder: path,
        provider: z.enum(providerNames),
        threads: z.int().positive().nullable(),
      })
      .nullable(),
  }) satisfies z.ZodType<JobRecord>,
};

/** A number, or a list of numbers or of records of numbers. */
function isHeadlineValue(value: unknown): boolean {
  if (typeof value === 'number') return true;
  const isRecord = (item: unknown) =>
    isObject(item) && Object.values(item as object).every((entry) => typeof entry === 'number');
  return Array.isArray(value) && value.every((item) => typeof item === 'number' || isRecord(item));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws AppError `bad-request` naming the argument and the field */
export function check<T>(schema: z.ZodType<T>, value: unknown, argument: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path: field, message } = parsed.error.issues[0];
  const where = [argument, ...field].join('.');
  throw new AppError('bad-request', `The project database was given a wrong ${where}: ${message}.`, {
    field: where,
  });
}
