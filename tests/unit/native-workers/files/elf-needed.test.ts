import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { neededByElf } from '#workers/files/elf-needed.ts';
import { elfFile } from '../../../fixtures/elf-file.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

describe('the libraries an ELF file is linked to', () => {
  const names = ['libcublas.so.13', 'libcudart.so.13', 'libc.so.6'];

  it('are its DT_NEEDED entries, in order', () => {
    const path = join(temporaryFolder(), 'a.so');
    writeFileSync(path, elfFile(names));
    expect(neededByElf(path)).toEqual(names);
  });

  it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('are read of what a linker made', () => {
    expect(neededByElf(process.execPath)).toContain('libc.so.6');
  });

  it('are not read of a file that was cut short, of another kind, or not there', () => {
    const folder = temporaryFolder();
    const whole = elfFile(names);
    const cut = join(folder, 'cut.so');
    for (const bytes of [whole.length - 1, 100, 40, 0]) {
      writeFileSync(cut, whole.subarray(0, bytes));
      expect(neededByElf(cut), String(bytes)).toBeNull();
    }
    writeFileSync(cut, readFileSync(import.meta.filename));
    expect(neededByElf(cut)).toBeNull();
    expect(neededByElf(join(folder, 'none.so'))).toBeNull();
  });
});
