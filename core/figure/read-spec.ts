import { AppError } from '../errors.ts';
import { figureSpecVersion, pageSpecSchema } from './spec.ts';
import type { PageSpec } from './spec.ts';

/** A figure spec from text a person wrote. Throws `bad-request` that names the file, the field and the remedy. */
export function readPageSpec(text: string, fileLabel: string): PageSpec {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('bad-request', `${fileLabel} is no JSON (${why}).`, {}, error);
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > figureSpecVersion) {
    throw new AppError(
      'bad-request',
      `${fileLabel} is a figure of version ${version}; this program knows version ${figureSpecVersion}. Use a newer program.`,
    );
  }
  const parsed = pageSpecSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue.path.length > 0 ? issue.path.join('.') : 'the file';
  const more = parsed.error.issues.length > 1 ? ` (and ${parsed.error.issues.length - 1} more)` : '';
  throw new AppError(
    'bad-request',
    `${fileLabel}: ${field}: ${issue.message}${more}. docs/figures.md lists the fields.`,
  );
}
