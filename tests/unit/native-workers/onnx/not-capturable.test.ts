import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTappedSession } from '#workers/capture/tapped-session.ts';
import { inspectModel } from '#workers/onnx/inspect-model.ts';
import {
  body,
  elementTypes,
  node,
  passThrough,
  value,
  whole,
  writeModel,
} from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const branch = (op: string) => ({
  name: op,
  node: [node(op, ['same'], [`${op} inside`]), node('Identity', [`${op} inside`], [`${op} out`])],
  output: [value(`${op} out`, ['N', 4])],
});

function model(): string {
  const graph = passThrough(4);
  const condition = node('Greater', ['total', 'total'], ['is more']);
  graph.node.push(
    node('ReduceSum', ['same'], ['total'], [whole('keepdims', 0)]),
    condition,
    node(
      'If',
      ['is more'],
      ['chosen'],
      [body('then_branch', branch('Relu')), body('else_branch', branch('Neg'))],
    ),
    node('SequenceConstruct', ['same'], ['list']),
    node('Optional', ['same'], ['maybe']),
    node('Cast', ['same'], ['text'], [whole('to', elementTypes.string)]),
    { ...node('Twice', ['same'], ['doubled']), domain: 'ours' },
  );
  const functions = [
    {
      ...{ name: 'Twice', domain: 'ours', input: ['x'], output: ['y'] },
      node: [node('Add', ['x', 'x'], ['z']), node('Identity', ['z'], ['y'])],
      opsetImport: [{ domain: '', version: 17n }],
    },
  ];
  const opsetImport = [
    { domain: '', version: 17n },
    { domain: 'ours', version: 1n },
  ];
  return writeModel(join(temporaryFolder(), 'a.onnx'), graph, { functions, opsetImport });
}

describe('tensors that cannot be captured', () => {
  it('are listed with the reason, and the rest of the model is not', async () => {
    const { tensors, notCapturable } = await inspectModel(model());
    expect(tensors.map(({ name }) => name)).toEqual(['same', 'total', 'chosen', 'doubled']);
    expect(notCapturable?.map(({ name, why }) => [name, why])).toEqual([
      ['list', 'it is a sequence or an optional value, not a tensor'],
      ['maybe', 'it is a sequence or an optional value, not a tensor'],
      ['text', 'its elements are string, not numbers'],
      ['Relu inside', 'it is inside the then branch of If "If of chosen"'],
      ['Relu out', 'it is inside the then branch of If "If of chosen"'],
      ['Neg inside', 'it is inside the else branch of If "If of chosen"'],
      ['Neg out', 'it is inside the else branch of If "If of chosen"'],
      ['z', 'it is inside the function Twice'],
      ['y', 'it is inside the function Twice'],
    ]);
  });

  it('are refused by name', async () => {
    const open = (tensor: string) =>
      openTappedSession({
        name: 'A',
        modelPath: model(),
        tensors: [{ tensor, axes: null }],
        provider: 'cpu',
        threads: 1,
      });
    await expect(open('Neg inside')).rejects.toThrow(
      'Tensor "Neg inside" of a.onnx cannot be captured: it is inside the else branch of If "If of chosen".',
    );
    await expect(open('list')).rejects.toThrow(
      /Tensor "list" of a\.onnx is no tensor; activations must be numbers/,
    );
  });
});
