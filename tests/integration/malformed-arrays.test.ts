import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectArrayFile } from '#workers/data/inspect-data.ts';
import { previewSamples } from '#workers/data/preview.ts';
import { arrayFile } from '../fixtures/array-files.ts';
import { capture } from '../fixtures/captures.ts';
import { runCommand } from '../fixtures/command-line.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { malformedArrays, mutatedArrays } from '../fuzz/malformed-arrays.ts';
import { malformedImageColumns, mutatedImageColumns, type ImageColumn } from '../fuzz/malformed-images.ts';
import { refusalOf, type MalformedFile } from '../fuzz/plain-refusal.ts';

/** A longer hunt: FUZZ_SEED=7 FUZZ_COUNT=500 npx vitest run tests/integration/malformed-arrays.test.ts */
const seed = Number(process.env.FUZZ_SEED ?? 1);
const perFile = Number(process.env.FUZZ_COUNT ?? 12);
/** What the process may grow by over all of them: no header is believed before it is checked. */
const allowedGrowthMiB = 800;

function write(folder: string, { fileName, bytes }: MalformedFile, index: number): string {
  const path = join(folder, `${index}`, fileName);
  mkdirSync(join(folder, `${index}`));
  writeFileSync(path, bytes);
  return path;
}

/** As `consilience inspect` does. */
const inspect = (path: string) => refusalOf(() => inspectArrayFile(path));

/** As `consilience run` does: the file is a network beside a sound one. */
function run(folder: string, path: string, fileName: string) {
  const tensor = /idx|\.npy$/.test(fileName) ? fileName.replace(/\.(npy|gz)/g, '') : 'values';
  return refusalOf(() =>
    capture(folder, '', {
      data: null,
      networks: [
        { name: 'A', activationsPath: arrayFile('values.npy') },
        { name: 'B', activationsPath: path },
      ],
      layers: [{ name: 'layer', tensors: { A: 'values', B: tensor }, sample: { kind: 'image' } }],
    }),
  );
}

/** Every picture of the column as a network would read it. */
const look = (path: string, { key }: ImageColumn) =>
  refusalOf(() => previewSamples({ path, key, scale: 1, resize: 8, crop: 8 }, 64));

const peakMiB = () => process.resourceUsage().maxRSS / 1024;

/** These of the malformed files also go through the real command line. */
const bySample = ['values.npy, cut off inside the values', 'probe.h5, cut off in the middle'];

describe('the real command line', () => {
  it('ends in one sentence and exit code 2, and leaves the project as it was', async () => {
    const folder = temporaryFolder();
    const recipe = (name: string, file: string) => {
      const text = `
networks: [{name: A, activations: ${arrayFile('values.npy')}}, {name: B, activations: ${JSON.stringify(file)}}]
layers: [{name: layer, tensors: {A: values, B: values}, sample: image}]
analyses: [correlation]
`;
      writeFileSync(join(folder, name), text);
      return ['run', join(folder, name), '--project', join(folder, 'p.consilience')];
    };
    const sound = await runCommand(recipe('sound.yaml', arrayFile('probe.npz')));
    expect(sound).toMatchObject({ status: 0 });
    expect(sound.stdout).toContain('1 results computed');
    const before = await runCommand(['results', join(folder, 'p.consilience'), '--json']);
    const files = malformedArrays().filter(({ fileName, what }) => bySample.includes(`${fileName}, ${what}`));
    expect(files).toHaveLength(bySample.length);
    const paths = files.map((file, index) => write(folder, file, index));
    const ended = await Promise.all([
      ...paths.map((path, index) => runCommand(recipe(`${index}.yaml`, path))),
      runCommand(['inspect', paths[0]]),
    ]);
    for (const [index, { status, stdout, stderr }] of ended.entries()) {
      expect(status).toBe(2);
      expect(stdout).toBe('');
      const said = stderr
        .trim()
        .split('\n')
        .filter((line) => !/^(Starting the engine|Checking inputs)$/.test(line));
      expect(said).toHaveLength(1);
      expect(said[0]).toContain(`${files[index % files.length].fileName} `);
    }
    expect((await runCommand(['results', join(folder, 'p.consilience'), '--json'])).stdout).toBe(
      before.stdout,
    );
    expect((await runCommand(['inspect', arrayFile('probe.h5'), '--json'])).stdout).toContain(
      '"layers/block1/packed"',
    );
  });
});

describe('malformed files of arrays', () => {
  const folder = temporaryFolder;

  it('are each refused by a run in one plain sentence that names the file, in bounded memory', async () => {
    const files = malformedArrays();
    expect(files.length).toBeGreaterThanOrEqual(60);
    const place = folder();
    const before = peakMiB();
    const accepted: string[] = [];
    for (const [index, file] of files.entries()) {
      const path = write(place, file, index);
      const name = `${file.fileName}, ${file.what}`;
      const looked = await inspect(path).catch((error: Error) =>
        expect.unreachable(`${name}: ${error.message}`),
      );
      const refused = await run(place, path, file.fileName).catch((error: Error) =>
        expect.unreachable(`${name}: ${error.message} ${String((error.cause as Error)?.stack)}`),
      );
      if (!refused) accepted.push(name);
      else expect(refused.message, name).toContain(file.fileName);
      for (const refusal of [looked, refused]) if (refusal) expect([1, 2]).toContain(refusal.status);
    }
    expect(accepted).toEqual([]);
    expect(peakMiB() - before).toBeLessThan(allowedGrowthMiB);
  });

  it('are refused so, or read, whatever bytes are overwritten', async () => {
    const place = folder();
    const before = peakMiB();
    for (const [index, file] of mutatedArrays(seed, perFile).entries()) {
      const path = write(place, file, index);
      await inspect(path);
      await run(place, path, file.fileName).catch((error: Error) =>
        expect.unreachable(
          `${file.fileName}, ${file.what}: ${error.message} ${String((error.cause as Error)?.stack)}`,
        ),
      );
    }
    expect(peakMiB() - before).toBeLessThan(allowedGrowthMiB);
  });
});

describe('malformed files of encoded images', () => {
  it('are each refused in one plain sentence that names the file, whatever is wrong with it', async () => {
    const place = temporaryFolder();
    const before = peakMiB();
    const known = malformedImageColumns();
    const accepted: string[] = [];
    for (const [index, file] of [...known, ...mutatedImageColumns(seed, perFile)].entries()) {
      const path = write(place, file, index);
      const name = `${file.fileName}, ${file.key}, ${file.what}`;
      const failed = (error: Error) =>
        expect.unreachable(`${name}: ${error.message} ${String((error.cause as Error | undefined)?.stack)}`);
      await inspect(path).catch(failed);
      const refused = await look(path, file).catch(failed);
      if (refused) expect(refused.message, name).toContain(file.fileName);
      else if (index < known.length) accepted.push(name);
    }
    expect(accepted).toEqual([]);
    expect(peakMiB() - before).toBeLessThan(allowedGrowthMiB);
  });
});
