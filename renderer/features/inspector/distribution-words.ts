import { formatCount } from '#core/figure/ticks.ts';
import type { Distribution } from '#core/ipc/areas/unit.ts';
import { plural } from '../../ui/format.ts';

/** What the values of a distribution are of. */
export function distributionSource(
  { images, ofImages, source }: Pick<Distribution, 'images' | 'ofImages' | 'source'>,
  values: number,
): string {
  if (source === 'kept')
    return `From ${formatCount(values)} samples of the training images, kept in the project.`;
  const all = images === ofImages ? 'all ' : '';
  const of = images === ofImages ? '' : ` of ${formatCount(ofImages)}`;
  const chosen = images === ofImages ? '' : ', chosen at random with a fixed seed';
  return `From ${all}${formatCount(images)}${of} images${chosen}: ${plural(values, 'value')}.`;
}
