import type { SampleRule } from '#core/domain/recipe.ts';
import { randomPositions } from '#core/domain/unit-place.ts';
import type { SamplingPlan } from '../capture/sampling.ts';
import type { GraphNodes } from './graph-nodes.ts';

/** A tensor that leaves the graph as its samples alone. */
export interface SampledTensor {
  /** Graph output of float32, [images, units, positions]. */
  output: string;
  /** Without the axis of images. */
  dims: number[];
  /** Where the samples' positions differ from image to image: the graph input that names them, [images, count] of int64. */
  places: { input: string; of: (image: number) => number[] } | null;
}

/**
 * Whether a rule can be followed in the graph. The maximum is not: the runtime's loses NaN, which must be refused; nor
 * is what leaves padding out, which differs from input to input.
 */
export function isSampledInGraph(rule: SampleRule, plan: SamplingPlan): boolean {
  return plan.reduce !== null && rule.kind !== 'image-max' && !plan.isMasked;
}

/** Appends what makes the rule's samples of a tensor [images, units, positions], as `planSampling` describes them. */
export function appendSampled(
  graph: GraphNodes,
  output: string,
  tensor: string,
  rule: SampleRule,
  { channels, height, width, units, positions }: SamplingPlan,
): SampledTensor {
  const plane = height * width;
  const values = graph.reshape(tensor, [-1, channels, plane]);
  const at = (position: number) => graph.add('Gather', [values, graph.integer(position)], { axis: 2 });
  const one = (samples: string): SampledTensor => ({
    output: graph.named(output, samples),
    dims: [units],
    places: null,
  });
  switch (rule.kind) {
    case 'image-mean':
      return one(graph.reduce('ReduceMean', values, 2));
    case 'centre':
      return one(at((height >> 1) * width + (width >> 1)));
    case 'class-token':
      return one(at(0));
    case 'last-token':
      return one(at(plane - 1));
    case 'random': {
      const input = graph.input(`${output}/places`, 'int64', ['images', positions]);
      const rows = graph.reshape(input, [-1, 1, positions]);
      const index = graph.add('Expand', [rows, graph.integers([1, channels, 1])]);
      const samples = graph.add('GatherElements', [values, index], { axis: 2 });
      return {
        output: graph.named(output, samples),
        dims: [units, positions],
        places: { input, of: (image) => randomPositions(rule, image, plane) },
      };
    }
    default:
      throw new Error(`Samples of kind ${rule.kind} are not taken in the graph.`);
  }
}
