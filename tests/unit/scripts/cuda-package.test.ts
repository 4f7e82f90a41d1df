import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { takeProviderFiles } from '../../../scripts/support/cuda-package.ts';
import { elfFile } from '../../fixtures/elf-file.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const names = ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so'];
const library = new Uint8Array(elfFile(['libcudart.so.13']));
const text = (words: string) => new TextEncoder().encode(words);

function scene(files: Record<string, Uint8Array>, name: string) {
  const folder = temporaryFolder();
  const [from, to] = [join(folder, name), join(folder, 'to')];
  writeFileSync(from, zipSync(files));
  return { from, to };
}

const wheel = (version: string, files = names) => ({
  [`onnxruntime_gpu-${version}.dist-info/METADATA`]: text(`Metadata-Version: 2.1\nVersion: ${version}\n`),
  ...Object.fromEntries(files.map((name) => [`onnxruntime/capi/${name}`, library])),
});

describe('CUDA provider files that were fetched by hand', () => {
  it('are taken out of a wheel, of a NuGet package for Linux, and of a folder', () => {
    const nuget = {
      'Microsoft.ML.OnnxRuntime.Gpu.Linux.nuspec': text('<metadata><version>1.30.0</version></metadata>'),
      ...Object.fromEntries(
        names.flatMap((name) => [
          [`runtimes/linux-arm64/native/${name}`, text('another machine')],
          [`runtimes/linux-x64/native/${name}`, library],
        ]),
      ),
    };
    for (const { from, to } of [scene(wheel('1.30.0'), 'a.whl'), scene(nuget, 'a.nupkg')]) {
      expect(takeProviderFiles(from, '1.30.0', to)).toBeNull();
      expect(readdirSync(to).sort()).toEqual(names);
      for (const name of names) expect(new Uint8Array(readFileSync(join(to, name)))).toEqual(library);
    }
    const folder = temporaryFolder();
    for (const name of names) writeFileSync(join(folder, name), library);
    expect(takeProviderFiles(folder, '1.30.0', join(folder, 'to'))).toBeNull();
    expect(readdirSync(join(folder, 'to')).sort()).toEqual(names);
  });

  it('are refused of another version, and nothing is written', () => {
    const { from, to } = scene(wheel('1.29.0'), 'old.whl');
    expect(takeProviderFiles(from, '1.30.0', to)).toMatch(
      /old\.whl is version 1\.29\.0, and a provider fits its own version .*fetch Microsoft\.ML\.OnnxRuntime\.Gpu\.Linux 1\.30\.0 or the wheel onnxruntime-gpu 1\.30\.0/,
    );
    expect(existsSync(to)).toBe(false);
  });

  it('are named where they are not there', () => {
    const { from, to } = scene(wheel('1.30.0', names.slice(0, 1)), 'half.whl');
    expect(takeProviderFiles(from, '1.30.0', to)).toMatch(
      /does not hold libonnxruntime_providers_shared\.so; it has to be/,
    );
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'empty'));
    expect(takeProviderFiles(join(folder, 'empty'), '1.30.0', to)).toMatch(
      /empty does not hold .* and .*\.so\.$/,
    );
    expect(takeProviderFiles(join(folder, 'none.whl'), '1.30.0', to)).toMatch(/none\.whl does not exist/);
    writeFileSync(join(folder, 'broken.whl'), 'no archive');
    expect(takeProviderFiles(join(folder, 'broken.whl'), '1.30.0', to)).toMatch(
      /cannot be read as a package .*fetch it again/,
    );
    expect(existsSync(to)).toBe(false);
  });
});
