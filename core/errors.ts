/**
 * The closed set of error codes. Every failure that reaches a person is an `AppError`: a plain sentence that
 * names the file, the field and the remedy, and a code that programs may switch on.
 */
export const errorCodes = [
  'bad-request', // the caller asked for something malformed (command line, IPC input)
  'bad-recipe', // a recipe field is wrong
  'bad-model', // an ONNX file cannot be used
  'bad-data', // a data file cannot be used
  'bad-project', // a project file is damaged or is no project
  'project-newer', // a project written by a later version
  'not-found', // a named thing does not exist
  'not-available', // a known feature or provider this build or machine lacks
  'engine-failed', // the engine process ended or could not start
  'run-failed', // inference or an analysis failed at run time
  'cancelled', // a person stopped it
  'storage', // disk full, file locked, no permission
  'internal', // a bug of ours
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export class AppError extends Error {
  readonly code: ErrorCode;
  /** Structured facts for a program (field path, file, nearest names); always clonable. */
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}

/** A failure in the form that crosses a process boundary. */
export interface PlainError {
  code: ErrorCode;
  message: string;
  details: Record<string, unknown>;
}

export function toPlainError(error: unknown): PlainError {
  if (error instanceof AppError) return { code: error.code, message: error.message, details: error.details };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, details: {} };
}

export function fromPlainError(plain: PlainError): AppError {
  return new AppError(plain.code, plain.message, plain.details);
}

/** Exit status of the command line: 2 when the request was wrong, 1 when the work failed. */
export function exitStatusOf(code: ErrorCode): 1 | 2 {
  const wrongRequest: ErrorCode[] = [
    'bad-request',
    'bad-recipe',
    'bad-model',
    'bad-data',
    'bad-project',
    'project-newer',
    'not-found',
    'not-available',
  ];
  return wrongRequest.includes(code) ? 2 : 1;
}
