import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { showInputs } from '#workers/data/show-inputs.ts';
import { runCommand } from '../fixtures/command-line.ts';
import { pngBytes, writeFiles } from '../fixtures/image-files.ts';
import { sampleOptions, samplesFolder } from '../fixtures/samples.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const count = 40;

interface Report {
  notes: string[];
  results: { analysis: string; headline: Record<string, number> }[];
}

async function digitFiles(): Promise<Record<string, Uint8Array>> {
  const images = Array.from({ length: count }, (_, index) => index);
  const { data } = sampleOptions(['Net1']);
  const shown = await showInputs({ data: { ...data!, scale: 1 }, images, mostSide: 64 });
  const files: Record<string, Uint8Array> = {};
  for (const image of images) {
    const pixels = (shown.values as Uint8Array).subarray(image * 784, (image + 1) * 784);
    files[`${String(image).padStart(4, '0')}.png`] = await pngBytes(pixels, 28, 28, 1);
  }
  return files;
}

const recipe = (data: string) => `title: Digits
data: {${data}, scale: 0.00392156862745098}
networks:
  - {name: Net1, model: ${join(samplesFolder, 'net1.onnx')}}
  - {name: Net2, model: ${join(samplesFolder, 'net2.onnx')}}
layers: [{name: conv3, tensors: /Relu_2_output_0}]
analyses: [correlation, matching, {subspaces: [cka]}]
`;

it('a run on a folder of digits gives the numbers of their array, and says what it left out', async () => {
  const folder = temporaryFolder();
  const run = async (name: string, text: string): Promise<Report> => {
    writeFileSync(join(folder, `${name}.yaml`), text);
    const project = join(folder, `${name}.consilience`);
    const { status, stdout, stderr } = await runCommand([
      'run',
      join(folder, `${name}.yaml`),
      '--project',
      project,
      '--json',
    ]);
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout) as Report;
  };
  const files = await digitFiles();
  writeFiles(join(folder, 'digits'), {
    ...files,
    '0020b.png': files['0020.png'].subarray(0, 90),
    'notes.txt': Buffer.of(1),
  });

  const stopping = recipe('images: digits');
  writeFileSync(join(folder, 'stop.yaml'), stopping);
  const stopped = await runCommand([
    'run',
    join(folder, 'stop.yaml'),
    '--project',
    join(folder, 'stop.consilience'),
  ]);
  expect(stopped.status).toBe(2);
  expect(stopped.stderr).toMatch(
    /0020b\.png cannot be decoded: .*\. Repair or remove it, or leave such images out with data\.onError: skip\./,
  );

  const images = await run('images', recipe('images: digits, onError: skip'));
  const array = await run(
    'array',
    recipe(`images: ${join(samplesFolder, 'digits.npz')}, key: images, limit: ${count}`),
  );
  expect(images.results.map(({ headline }) => headline)).toEqual(
    array.results.map(({ headline }) => headline),
  );
  expect(images.notes).toEqual(['1 unreadable image was left out, for all networks: 0020b.png.']);

  const page = join(folder, 'report.html');
  const reported = await runCommand(['report', join(folder, 'images.consilience'), '--out', page]);
  expect(reported.status, reported.stderr).toBe(0);
  const html = readFileSync(page, 'utf8');
  expect(html).toMatch(/image could not be read and was left out for all networks: 0020b\.png\./);
  expect(html).toContain('left out 0020b.png');
}, 120_000);
