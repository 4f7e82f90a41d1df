import type { TopInputs } from '#core/domain/result.ts';

/**
 * Top inputs of disjoint sets of images as those of their union: per unit the k largest values, largest first, ties to
 * the earlier image. Whatever the order of the lists, the answer is the same.
 */
export function mergeTop(lists: readonly TopInputs[]): TopInputs {
  const [{ k, value: first }] = lists;
  const merged: TopInputs = {
    k,
    image: new Int32Array(first.length).fill(-1),
    position: new Int32Array(first.length).fill(-1),
    value: new Float32Array(first.length),
  };
  for (let start = 0; start < first.length; start += k) {
    const entries = lists.flatMap((list, from) =>
      Array.from({ length: k }, (_, rank) => ({ from, at: start + rank })).filter(
        ({ at }) => list.image[at] >= 0,
      ),
    );
    entries.sort((x, y) => {
      const [one, other] = [lists[x.from], lists[y.from]];
      return other.value[y.at] - one.value[x.at] || one.image[x.at] - other.image[y.at];
    });
    entries.slice(0, k).forEach(({ from, at }, rank) => {
      merged.image[start + rank] = lists[from].image[at];
      merged.position[start + rank] = lists[from].position[at];
      merged.value[start + rank] = lists[from].value[at];
    });
  }
  return merged;
}
