/** Default title of a panel about two networks at one layer. */
export function pairTitle({
  layer,
  networkA,
  networkB,
}: {
  layer: string;
  networkA: string;
  networkB: string;
}): string {
  return `${layer}, ${networkA} and ${networkB}`;
}
