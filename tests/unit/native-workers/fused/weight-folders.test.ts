import { describe, expect, it } from 'vitest';
import { weightsOf } from '#workers/fused/weight-folders.ts';

const model = (path: string, weightFiles = ['w.bin']) => ({ path, weightFiles });

describe.skipIf(process.platform === 'win32')('where one graph of several models finds their weights', () => {
  it('is the nearest folder that holds all of them', () => {
    expect(weightsOf([model('/runs/a/net.onnx'), model('/runs/b/deep/net.onnx')])).toEqual({
      path: '/runs/merged.onnx',
      weightFiles: ['a/w.bin', 'b/deep/w.bin'],
      under: ['a/', 'b/deep/'],
    });
    expect(weightsOf([model('/a/net.onnx'), model('/b/net.onnx')])?.under).toEqual(['a/', 'b/']);
  });

  it('is their own folder where they share it, and that of one model where the others hold theirs', () => {
    expect(weightsOf([model('/runs/1.onnx'), model('/runs/2.onnx', ['v.bin'])])).toEqual({
      path: '/runs/merged.onnx',
      weightFiles: ['w.bin', 'v.bin'],
      under: ['', ''],
    });
    expect(weightsOf([model('/elsewhere/1.onnx', []), model('/runs/2.onnx')])).toEqual({
      path: '/runs/merged.onnx',
      weightFiles: ['w.bin'],
      under: ['', ''],
    });
    expect(weightsOf([model('/runs/1.onnx', [])])?.weightFiles).toEqual([]);
  });
});
