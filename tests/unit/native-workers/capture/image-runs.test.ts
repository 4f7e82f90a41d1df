import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolvePreprocess } from '#core/domain/preprocess.ts';
import type { EngineLayer, EngineNetwork } from '#core/ipc/engine.ts';
import { unitProbe } from '#workers/capture/unit-probe.ts';
import { inspectData } from '#workers/data/inspect-data.ts';
import { previewSamples } from '#workers/data/preview.ts';
import { showInputs } from '#workers/data/show-inputs.ts';
import { capture, capturedArray, type Captured, type CaptureOptions } from '../../../fixtures/captures.ts';
import { madeUpPng, pngBytes, tarBytes, writeFiles } from '../../../fixtures/image-files.ts';
import { zipBytes } from '../../../fixtures/npy-files.ts';
import { convolution, writeModel } from '../../../fixtures/onnx-models.ts';
import { sampleOptions } from '../../../fixtures/samples.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const count = 30;
let digits: Record<string, Uint8Array>;
let options: CaptureOptions;

/** The sample images as PNG files. */
beforeAll(async () => {
  options = sampleOptions(['Net1', 'Net2'], count);
  options.layers = options.layers.slice(2);
  const images = Array.from({ length: count }, (_, index) => index);
  const shown = await showInputs({ data: { ...options.data!, scale: 1 }, images, mostSide: 64 });
  digits = {};
  for (const image of images) {
    const pixels = (shown.values as Uint8Array).subarray(image * 784, (image + 1) * 784);
    // Two folders, whose files come one after the other.
    const name = `class ${image < 12 ? 'a' : 'b'}/${String(image).padStart(3, '0')}.png`;
    digits[name] = await pngBytes(pixels, 28, 28, 1);
  }
});

const imagesAt = (path: string, more = {}) => ({ ...options, data: { path, scale: 1 / 255, ...more } });

async function expectSame(found: Captured, more: Partial<CaptureOptions> = {}): Promise<void> {
  const array = await capture(temporaryFolder(), '', { ...options, ...more });
  expect(found.summary.images).toBe(count);
  expect(found.summary.orderHash).toBe(array.summary.orderHash);
  for (const layer of [0, 1])
    for (const what of ['mean', 'm2', 'top-image', 'top-value']) {
      const fold = what.startsWith('top') ? 'all' : 'train';
      const [one, other] = [found, array].map(
        ({ summary }) => capturedArray(summary, layer, what, fold).data,
      );
      expect(one).toEqual(other);
    }
}

describe('a run on image files equals that on their array, bit by bit', () => {
  it('in a folder with other files beside them, decoded by several threads', async () => {
    const folder = temporaryFolder();
    const data = writeFiles(join(folder, 'digits'), {
      ...digits,
      'labels.txt': Buffer.from('x'),
      '.hidden.png': Buffer.of(1),
    });
    const found = await capture(folder, '', { ...imagesAt(data), threads: 6, batch: 4 });
    expect(found.notes).toEqual([]);
    await expectSame(found, { batch: 4 });
    await expect(inspectData(data)).resolves.toMatchObject({
      file: 'digits',
      arrays: [],
      images: {
        count,
        folders: 2,
        width: 28,
        height: 28,
        ignored: 2,
        ignoredNames: ['.hidden.png', 'labels.txt'],
      },
    });
  });

  it('in a .tar, out of order and with long names, and in a .zip, in a random order', async () => {
    const folder = temporaryFolder();
    const long = Object.fromEntries(
      Object.entries(digits).map(([name, bytes]) => [`${'long/'.repeat(30)}${name}`, bytes]),
    );
    const backwards = Object.fromEntries(Object.entries(long).reverse());
    writeFileSync(join(folder, 'digits.tar'), tarBytes({ ...backwards, '000.cls': Buffer.from('3') }));
    await expectSame(await capture(folder, '', imagesAt(join(folder, 'digits.tar'))));
    writeFileSync(
      join(folder, 'digits.zip'),
      zipBytes(Object.entries(digits).map(([name, bytes]) => ({ name, bytes }))),
    );
    const random = { orderSeed: 5 };
    const zip = await capture(folder, '', { ...imagesAt(join(folder, 'digits.zip')), ...random });
    await expectSame(zip, random);
  });

  it('shows single inputs and maps of units', async () => {
    const data = imagesAt(writeFiles(join(temporaryFolder(), 'digits'), digits)).data;
    const images = [29, 3, 3];
    const shown = await showInputs({ data, images, mostSide: 64 });
    expect(shown).toMatchObject({ kind: 'picture', depth: 3, rows: 28, cols: 28 });
    const grey = await showInputs({ data: options.data!, images, mostSide: 64 });
    expect(shown.values.filter((_, at) => at % 3 === 0)).toEqual(grey.values);
    const probe = {
      network: options.networks[0] as EngineNetwork,
      tensor: options.layers[0].tensors.Net1,
      provider: 'cpu',
      threads: 1,
    } as const;
    const looks = [{ channel: 2, images }];
    const [one, other] = [
      await unitProbe.maps({ ...probe, data, looks }),
      await unitProbe.maps({ ...probe, data: options.data!, looks }),
    ];
    expect(one).toEqual(other);
    await expect(showInputs({ data, images: [count], mostSide: 8 })).rejects.toThrow('there is no number 30');
  });
});

describe('networks with inputs of different sizes', () => {
  const layer: EngineLayer = {
    name: 'relu',
    tensors: { A: 'relu', B: 'relu' },
    sample: { kind: 'image-mean' },
  };

  it('read the same images each in its own way, as they do alone', async () => {
    const folder = temporaryFolder();
    const files: Record<string, Uint8Array> = {};
    for (let at = 0; at < 9; at++) files[`${at}.png`] = await madeUpPng(at, 20 + at, 17);
    const data = {
      path: writeFiles(join(folder, 'pictures'), files),
      ...resolvePreprocess({ preset: 'imagenet', resize: 12, crop: 8 }),
    };
    const other = resolvePreprocess({ preset: 'clip', resize: [14, 14], crop: 12, channels: 'bgr' }, data);
    const sizes = [8, 12].map((side, index) => ({
      name: 'AB'[index],
      modelPath: writeModel(
        join(folder, `${side}.onnx`),
        convolution({ units: 3, channels: 3, size: [side, side], seed: side }),
      ),
    }));
    const networks = [sizes[0], { ...sizes[1], preprocess: other }];
    const both = await capture(folder, '', {
      data,
      networks,
      layers: [layer],
      extras: { seed: 0, blocks: 0, shuffles: 0, sampleRows: 0, bins: 0, averageInputs: true },
    });
    expect(both.summary.layers[0].geometry?.map(({ width }) => width)).toEqual([8, 12]);
    expect(both.notes).toEqual([
      'B reads 86 % x 86 % of each picture and A 67 % x 67 %: average inputs show what A reads, and maps of B do not line up with them.',
    ]);
    expect(both.summary.layers[0].averageInput).toMatchObject({ channels: 3, rows: 8, cols: 8 });
    const mean = (found: Captured) => [...(capturedArray(found.summary, 0, 'mean').data as Float64Array)];
    const alone = (network: (typeof networks)[number], reading: object) =>
      capture(temporaryFolder(), '', {
        data: { ...data, mean: undefined, std: undefined, ...reading },
        networks: [{ name: network.name, modelPath: network.modelPath }],
        layers: [{ ...layer, tensors: { [network.name]: 'relu' } }],
      });
    const expected = [...mean(await alone(networks[0], data)), ...mean(await alone(networks[1], other))];
    mean(both).forEach((value, unit) => expect(value).toBeCloseTo(expected[unit], 12));
    const preview = await previewSamples({ ...data, ...other }, 4);
    expect([preview.width, preview.height, preview.pictures.length, preview.count]).toEqual([12, 12, 4, 9]);
  });

  it('are told what does not fit', async () => {
    const folder = temporaryFolder();
    const path = writeFiles(join(folder, 'pictures'), {
      '0.png': await madeUpPng(0),
      '1.png': await madeUpPng(1, 9, 10),
    });
    const network = (side: number | string) => ({
      name: 'A',
      modelPath: writeModel(
        join(folder, `${side}.onnx`),
        convolution({ units: 2, channels: 3, size: [side, side] }),
      ),
    });
    const run = (side: number | string, more = {}) =>
      capture(folder, '', {
        data: { path, scale: 1, ...more },
        networks: [network(side)],
        layers: [{ ...layer, tensors: { A: 'relu' } }],
      });
    await expect(run(8)).rejects.toThrow(
      'takes images [N, 3, 8, 8], but pictures/ gives [N, 3, 10, 12]; check resize, crop and channels.',
    );
    await expect(run('S')).rejects.toThrow('1.png is 9 x 10 pixels, the first image 12 x 10; give data.crop');
    await expect(run(8, { crop: 8, channels: 'grey' })).rejects.toThrow('but pictures/ gives [N, 1, 8, 8]');
    await expect(run(8, { crop: 8, mean: [1, 2] })).rejects.toThrow(
      'mean has 2 values; the pictures of pictures/ have 3 channels',
    );
    await expect(run(8, { key: 'x' })).rejects.toThrow('has no keys; leave out data.key');
  });
});

describe('files that cannot be read', () => {
  function withBadFiles() {
    const folder = temporaryFolder();
    const path = writeFiles(join(folder, 'digits'), {
      ...digits,
      'class a/000b.png': Buffer.alloc(0),
      'class b/999.jpg': Buffer.from('no picture'),
      'class a/cut.png': digits['class a/000.png'].subarray(0, 200),
    });
    symlinkSync(join(folder, 'outside.png'), join(path, 'class b', 'link.png'));
    writeFileSync(join(folder, 'outside.png'), digits['class a/000.png']);
    return { folder, path };
  }

  it('stop the run, the file and the way out named', async () => {
    const { folder, path } = withBadFiles();
    await expect(capture(folder, '', imagesAt(path))).rejects.toThrow(
      /is empty \(0 bytes\)\. Repair or remove it, or leave such images out with data\.onError: skip\./,
    );
  });

  it('name the way out once, also where the very first picture is one', async () => {
    const folder = temporaryFolder();
    const path = writeFiles(join(folder, 'digits'), {
      'a.png': Buffer.from('\x89PNG\r\n\x1a\nnothing', 'latin1'),
    });
    await expect(capture(folder, '', imagesAt(path))).rejects.toThrow(
      /^a\.png cannot be decoded: [^:]*[^:.]\. Repair or remove it, or leave such images out with data\.onError: skip\.$/,
    );
  });

  it('are left out for all networks where that is asked for, and listed', async () => {
    const { folder, path } = withBadFiles();
    const found = await capture(folder, '', imagesAt(path, { onError: 'skip' }));
    await expectSame(found);
    expect(found.summary.skipped).toEqual([
      { name: 'class a/000b.png', reason: 'class a/000b.png is empty (0 bytes).' },
      { name: 'class a/cut.png', reason: expect.stringContaining('cannot be decoded') as string },
      { name: 'class b/999.jpg', reason: expect.stringContaining('is no JPEG') as string },
      { name: 'class b/link.png', reason: expect.stringContaining('is a link out of its folder') as string },
    ]);
    expect(found.notes).toEqual([
      '4 unreadable images were left out, for all networks: class a/000b.png, class a/cut.png, class b/999.jpg and 1 more.',
    ]);
    // What looks at the run later is told the names and looks no more.
    const data = imagesAt(path, {
      onError: 'skip',
      skipped: found.summary.skipped!.map(({ name }) => name),
    }).data;
    const shown = await showInputs({ data, images: [29], mostSide: 64 });
    const array = await showInputs({ data: options.data!, images: [29], mostSide: 64 });
    expect(shown.values.filter((_, at) => at % 3 === 0)).toEqual(array.values);
  });

  it('folders and archives without images, and archives that are damaged or dangerous', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'empty'));
    await expect(inspectData(join(folder, 'empty'))).rejects.toThrow('empty/ holds no images; JPEG, PNG');
    const at = (name: string, bytes: Uint8Array) => {
      writeFileSync(join(folder, name), bytes);
      return inspectData(join(folder, name));
    };
    const tar = tarBytes(digits);
    for (const bytes of [1024, 1300, 1900, tar.length - 1024])
      await expect(at('cut.tar', tar.subarray(0, bytes))).rejects.toThrow('cut.tar is cut off');
    await expect(at('text.tar', Buffer.alloc(2000, 65))).rejects.toThrow('text.tar is no tar archive');
    await expect(at('packed.tar.gz', Buffer.alloc(9))).rejects.toThrow('is a compressed tar');
    await expect(at('text.zip', Buffer.from('no zip'))).rejects.toThrow('text.zip cannot be read as a .zip');
    const outside = zipBytes([{ name: '../../evil.png', bytes: digits['class a/000.png'] }]);
    await expect(at('outside.zip', outside)).rejects.toThrow(
      /outside\.zip cannot be read as a \.zip: invalid relative path/,
    );
    const bomb = zipBytes([{ name: 'bomb.png', bytes: digits['class a/000.png'] }]);
    // Both headers claim 1 GiB.
    for (const [signature, field] of [
      [0x04034b50, 22],
      [0x02014b50, 24],
    ])
      for (let byte = 0; byte + 30 < bomb.length; byte++)
        if (bomb.readUInt32LE(byte) === signature) bomb.writeUInt32LE(2 ** 30, byte + field);
    await expect(at('bomb.zip', bomb)).rejects.toThrow('bomb.png would unpack to more than 256 MiB');
  });
});
