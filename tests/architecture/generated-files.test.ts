import { expect, it } from 'vitest';
import { wasmModule, wasmModulePath, wasmSources } from '../../scripts/build-wasm.ts';
import { textOf } from './repository-files.ts';

it.each(wasmSources())('the kernel of %s is what its source compiles to', (source) => {
  expect(wasmModule(source)).toBe(textOf(wasmModulePath(source)));
});
