import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runtime } from '#workers/capture/runtime.ts';
import { openTappedSession } from '#workers/capture/tapped-session.ts';
import { neededPart } from '#workers/onnx/needed-part.ts';
import { readModel } from '#workers/onnx/read-model.ts';
import { body, floats, node, value, writeModel, type Graph } from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const branch = (of: string) => ({
  name: of,
  node: [node('Mul', [of, 'factor'], [`${of} times`])],
  output: [value(`${of} times`, ['N', 2])],
});

/** `mixed` is twice the features where their sum is above 0, else four times; `late` depends on all of it. */
const graph: Graph = {
  input: [value('features', ['N', 2])],
  initializer: [
    floats('factor', [1], [2]),
    floats('zero', [1], [0]),
    floats('unused weights', [2, 2], [1, 2, 3, 4]),
  ],
  node: [
    node('Relu', ['features'], ['early']),
    node('Add', ['features', 'features'], ['double']),
    node('ReduceMax', ['features'], ['largest']),
    node('Greater', ['largest', 'zero'], ['isPositive']),
    node('Squeeze', ['isPositive'], ['condition']),
    node(
      'If',
      ['condition'],
      ['mixed'],
      [body('then_branch', branch('features')), body('else_branch', branch('double'))],
    ),
    node('MatMul', ['mixed', 'unused weights'], ['late']),
  ],
  output: [value('late', ['N', 2])],
};

describe('neededPart', () => {
  const file = () => readModel(writeModel(join(temporaryFolder(), 'a.onnx'), graph));
  const namesOf = ({ model }: ReturnType<typeof neededPart>) => ({
    nodes: model.graph?.node.map(({ opType }) => opType),
    weights: model.graph?.initializer.map(({ name }) => name),
    outputs: model.graph?.output.map(({ name }) => name),
  });

  it('is the file itself where all of it is needed, or a tensor is not made', () => {
    const whole = file();
    expect(neededPart(whole, ['early', 'late'])).toBe(whole);
    expect(neededPart(whole, ['nothing'])).toBe(whole);
  });

  it('leaves out nodes, weights and outputs that a tensor does not depend on', () => {
    expect(namesOf(neededPart(file(), ['early']))).toEqual({ nodes: ['Relu'], weights: [], outputs: [] });
  });

  it('keeps what the bodies of a node read', () => {
    expect(namesOf(neededPart(file(), ['mixed']))).toEqual({
      nodes: ['Add', 'ReduceMax', 'Greater', 'Squeeze', 'If'],
      weights: ['factor', 'zero'],
      outputs: [],
    });
  });

  it('runs as the whole does', async () => {
    const { session, taps } = await openTappedSession({
      name: 'A',
      modelPath: file().path,
      tensors: [{ tensor: 'mixed', axes: null }],
      provider: 'cpu',
      threads: 1,
    });
    expect(session.outputNames).toEqual([taps[0].output]);
    const run = async (values: number[]) => {
      const features = new (runtime().Tensor)('float32', Float32Array.from(values), [1, 2]);
      return [...((await session.run({ features }))[taps[0].output].data as Float32Array)];
    };
    expect(await run([3, -1])).toEqual([6, -2]);
    expect(await run([-3, -1])).toEqual([-12, -4]);
    await session.release();
  });
});
