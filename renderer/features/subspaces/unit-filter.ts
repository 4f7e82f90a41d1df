interface ListedUnit {
  network: string;
  unit: number;
  /** From 1; 0: none. */
  cluster: number;
}

/** What a person types to find units: "net1", "17", "cluster 3", in any order; all must hold. Numbers are whole. */
export function unitFilter(text: string): (unit: ListedUnit) => boolean {
  const wanted = /\bcluster\s+(\d+)/i.exec(text);
  const words = text
    .replace(wanted?.[0] ?? '', ' ')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'unit');
  return ({ network, unit, cluster }) =>
    (!wanted || cluster === Number(wanted[1])) &&
    words.every((word) =>
      /^\d+$/.test(word) ? unit === Number(word) : network.toLowerCase().includes(word),
    );
}
