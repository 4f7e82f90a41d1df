import type { z } from 'zod';
import { AppError, toPlainError } from '#core/errors.ts';
import { contract, type AreaName, type Handlers } from '#core/ipc/contract.ts';
import type { Result } from '#core/result.ts';
import { inputObjection } from '../security/ipc-input.ts';

export type Dispatch<Context> = (
  area: unknown,
  method: unknown,
  input: unknown,
  context: Context,
) => Promise<Result<unknown>>;

interface ErrorLog {
  error(message: string, error?: unknown): void;
}

type AnyHandler<Context> = (input: unknown, context: Context) => unknown;

/**
 * Answers calls of the contract, whatever host they come through. Never throws: an unknown method, an input that
 * its schema refuses and a failed handler all become envelopes. An error that is not an `AppError` is a bug of
 * ours: it is logged, and its text stays in the log.
 */
export function createDispatcher<Context>(handlers: Handlers<Context>, log: ErrorLog): Dispatch<Context> {
  return async (area, method, input, context) => {
    try {
      const { schema, maxInputBytes, handler } = lookUp(handlers, area, method);
      const value = await handler(parsed(schema, input, maxInputBytes), context);
      return { ok: true, value };
    } catch (error) {
      if (error instanceof AppError) return { ok: false, error: toPlainError(error) };
      log.error(`${String(area)}.${String(method)} failed`, error);
      const message =
        'Something went wrong inside Consilience; your project is safe. The log file says more.';
      return { ok: false, error: { code: 'internal', message, details: {} } };
    }
  };
}

function lookUp<Context>(handlers: Handlers<Context>, area: unknown, method: unknown) {
  if (typeof area === 'string' && typeof method === 'string' && Object.hasOwn(contract, area)) {
    const methods: Record<string, { input: z.ZodType; maxInputBytes?: number }> = contract[area as AreaName];
    if (Object.hasOwn(methods, method)) {
      const ofArea = handlers[area as AreaName] as unknown as Record<string, AnyHandler<Context>>;
      const { input, maxInputBytes } = methods[method];
      return { schema: input, maxInputBytes, handler: ofArea[method] };
    }
  }
  throw new AppError(
    'bad-request',
    'The window asked for something this version does not know. Restart Consilience.',
  );
}

function parsed(schema: z.ZodType, input: unknown, maxInputBytes?: number): unknown {
  const objection = inputObjection(input, maxInputBytes);
  if (objection) throw new AppError('bad-request', objection);
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue.path.length === 0 ? 'the request' : `"${issue.path.join('.')}"`;
  throw new AppError(
    'bad-request',
    `${field[0].toUpperCase()}${field.slice(1)} is not valid: ${issue.message}.`,
    {
      path: issue.path.map(String),
    },
  );
}
