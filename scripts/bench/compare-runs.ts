/** What `npm run bench -- kernels` writes. */
export interface KernelRun {
  date?: string;
  processor?: string;
  threads: number;
  measured: { name: string; ours: number; peer: number | null; ratio: number | null; goal: number | null }[];
}

export interface Change {
  name: string;
  before: number;
  after: number;
  /** after / before: above 1 is slower. */
  factor: number;
  /** Of the ratio to the peer, which another machine or load hardly moves; else of our own seconds. */
  of: 'ratio' | 'seconds';
  verdict: 'slower' | 'faster' | 'same';
}

/** Runs scatter by about a tenth, ratios of turns in one run too; a change below this is none. */
const noise = 1.2;

/** Kernels that both runs measured, the largest slowdown first; `missing` are in only one of them. */
export function compareRuns(before: KernelRun, after: KernelRun): { changes: Change[]; missing: string[] } {
  const old = new Map(before.measured.map((entry) => [entry.name, entry]));
  const changes = after.measured.flatMap((entry): Change[] => {
    const other = old.get(entry.name);
    if (!other) return [];
    const of = entry.ratio !== null && other.ratio !== null ? 'ratio' : 'seconds';
    const [from, to] = of === 'ratio' ? [other.ratio!, entry.ratio!] : [other.ours, entry.ours];
    const factor = to / from;
    const verdict = factor > noise ? 'slower' : factor < 1 / noise ? 'faster' : 'same';
    return [{ name: entry.name, before: from, after: to, factor, of, verdict }];
  });
  const both = new Set(changes.map(({ name }) => name));
  const missing = [...before.measured, ...after.measured]
    .map(({ name }) => name)
    .filter((name) => !both.has(name));
  return { changes: changes.sort((a, b) => b.factor - a.factor), missing: [...new Set(missing)] };
}
