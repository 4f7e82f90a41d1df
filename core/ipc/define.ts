import type { z } from 'zod';

/** One method of the contract between window and main: its input is validated in main, its output is typed. */
export interface Method<I extends z.ZodType = z.ZodType, O = unknown> {
  input: I;
  /** Phantom: carries the output type, never a value. */
  readonly output?: O;
}

/** `method<Output>()(inputSchema)`. */
export function method<O>() {
  return <I extends z.ZodType>(input: I): Method<I, O> => ({ input });
}

export type InputOf<M> = M extends Method<infer I, unknown> ? z.input<I> : never;
export type ParsedInputOf<M> = M extends Method<infer I, unknown> ? z.output<I> : never;
export type OutputOf<M> = M extends { readonly output?: infer O } ? Exclude<O, undefined> : never;
