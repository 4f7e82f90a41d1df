/** A file that `node --cpu-prof` writes, as far as it is read here. */
export interface CpuProfile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children?: number[];
  }[];
  samples: number[];
  /** Microseconds before each sample. */
  timeDeltas: number[];
}

/** A call and what it called, in microseconds; a root has no place. */
export interface Frame {
  name: string;
  place: string;
  total: number;
  self: number;
  children: Map<string, Frame>;
}

export function emptyFrame(name: string, place = ''): Frame {
  return { name, place, total: 0, self: 0, children: new Map() };
}

/** Calls whose own time is waiting, for messages or for a slot to be freed: no work of the thread. */
const waits = new Set(['(idle)', 'atomicsWaitLoop', 'fillSlots']);

/** How calls are shown. */
export interface Naming {
  /** What is shown of a script's URL. */
  placeOf(url: string): string;
  /** The name under which calls within one another are one, for what is of no interest by itself; null: its own. */
  groupOf(url: string): string | null;
}

/** Adds a profile's samples below a frame: equal calls are one, whatever called them in between is kept. */
export function addProfile(root: Frame, profile: CpuProfile, naming: Naming): void {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map<number, number>();
  for (const { id, children } of profile.nodes) for (const child of children ?? []) parents.set(child, id);
  const paths = new Map<number, Frame[]>();
  const pathOf = (id: number): Frame[] => {
    const known = paths.get(id);
    if (known) return known;
    const parent = parents.get(id);
    const node = byId.get(id);
    // The profile's own root stands for this frame.
    const path = parent === undefined || !node ? [root] : below(pathOf(parent), node, naming);
    paths.set(id, path);
    return path;
  };
  profile.samples.forEach((id, at) => {
    if (waits.has(byId.get(id)?.callFrame.functionName ?? '')) return;
    const time = Math.max(0, profile.timeDeltas[at] ?? 0);
    const path = pathOf(id);
    for (const frame of path) frame.total += time;
    const leaf = path.at(-1);
    if (leaf) leaf.self += time;
  });
}

function below(path: Frame[], { callFrame }: CpuProfile['nodes'][number], naming: Naming): Frame[] {
  const parent = path[path.length - 1];
  const group = naming.groupOf(callFrame.url);
  if (group !== null && parent.name === group) return path;
  const place = group === null ? naming.placeOf(callFrame.url) : '';
  const name = group ?? (callFrame.functionName || place.split('/').at(-1) || '(anonymous)');
  const key = `${name} ${place}`;
  let child = parent.children.get(key);
  if (!child) parent.children.set(key, (child = emptyFrame(name, place)));
  return [...path, child];
}

/** Self time by the kind of the innermost frame that has one. */
export function timeByKind(
  root: Frame,
  kindOf: (frame: Frame) => string | null,
  otherwise: string,
): Map<string, number> {
  const times = new Map<string, number>();
  const visit = (frame: Frame, inherited: string) => {
    const kind = kindOf(frame) ?? inherited;
    if (frame.self > 0) times.set(kind, (times.get(kind) ?? 0) + frame.self);
    for (const child of frame.children.values()) visit(child, kind);
  };
  visit(root, otherwise);
  return times;
}
