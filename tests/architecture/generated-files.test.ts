import { expect, it } from 'vitest';
import { packUnitsModule } from '../../scripts/build-wasm.ts';
import { textOf } from './repository-files.ts';

it('the packing kernel is what its source compiles to', () => {
  expect(packUnitsModule()).toBe(textOf('native-workers/accumulate/pack-units.wasm.ts'));
});
