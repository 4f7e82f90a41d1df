import type { z } from 'zod';

/** One method of the contract between window and main: its input is validated in main, its output is typed. */
export interface Method<I extends z.ZodType = z.ZodType, O = unknown> {
  input: I;
  /** Bytes that an input may have, where that is more than of other methods. */
  maxInputBytes?: number;
  /** Phantom: carries the output type, never a value. */
  readonly output?: O;
}

/** `method<Output>()(inputSchema)`; larger inputs than usual name their limit. */
export function method<O>() {
  return <I extends z.ZodType>(input: I, maxInputBytes?: number): Method<I, O> => ({
    input,
    ...(maxInputBytes === undefined ? {} : { maxInputBytes }),
  });
}

export type InputOf<M> = M extends Method<infer I, unknown> ? z.input<I> : never;
export type ParsedInputOf<M> = M extends Method<infer I, unknown> ? z.output<I> : never;
export type OutputOf<M> = M extends { readonly output?: infer O } ? Exclude<O, undefined> : never;
