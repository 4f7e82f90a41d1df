import { pageSpecSchema, type PageSpec, type PanelKind, type PanelSpec } from '#core/figure/spec.ts';

/** An edited page, or why it cannot be so. */
export type Edited = { ok: true; page: PageSpec } | { ok: false; message: string };

export type PageField = Exclude<keyof PageSpec, 'version' | 'kind' | 'panels' | 'provenance'>;

/** Checks an edited page against the spec; the first objection in plain words. */
export function checked(page: unknown): Edited {
  const parsed = pageSpecSchema.safeParse(page);
  if (parsed.success) return { ok: true, page: parsed.data };
  return { ok: false, message: plainObjection(parsed.error.issues[0]) };
}

type Issue = NonNullable<ReturnType<typeof pageSpecSchema.safeParse>['error']>['issues'][number];

function plainObjection(issue: Issue): string {
  if (issue.code === 'too_small' && issue.origin === 'number') {
    return issue.inclusive === false ? `More than ${issue.minimum}.` : `At least ${issue.minimum}.`;
  }
  if (issue.code === 'too_small' && issue.origin === 'string') return 'Not empty.';
  if (issue.code === 'too_small' && issue.origin === 'array') return 'A page keeps at least one panel.';
  if (issue.code === 'too_big') {
    const units: Partial<Record<string, string>> = { string: ' characters', array: ' panels' };
    const unit = units[issue.origin] ?? '';
    return `At most ${issue.maximum}${unit}.`;
  }
  if (issue.code === 'invalid_type') {
    return issue.expected === 'int' ? 'A whole number.' : `A ${issue.expected}.`;
  }
  return issue.message;
}

/** `undefined` takes a field away, so that the preset or the default holds again. */
function withField<T extends object>(value: T, key: string, next: unknown): T {
  const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  return (next === undefined ? rest : { ...rest, [key]: next }) as T;
}

export const setPageField = (page: PageSpec, key: PageField, next: unknown): Edited =>
  checked(withField(page, key, next));

/** Face and sizes of type in place of the preset's; with the last of them the whole field goes. */
export function setType(page: PageSpec, key: string, next: number | string | undefined): Edited {
  const type = withField(page.type ?? {}, key, next);
  return setPageField(page, 'type', Object.keys(type).length > 0 ? type : undefined);
}

export function setSource(
  page: PageSpec,
  source: Partial<Record<'run' | 'a' | 'b' | 'layer', string | undefined>>,
): Edited {
  let next: object = page.source;
  for (const [key, value] of Object.entries(source)) next = withField(next, key, value);
  return setPageField(page, 'source', next);
}

export function setPanelFields(page: PageSpec, at: number, fields: Record<string, unknown>): Edited {
  let panel: object = page.panels[at];
  for (const [key, value] of Object.entries(fields)) panel = withField(panel, key, value);
  return withPanels(page, page.panels.with(at, panel as PanelSpec));
}

const placement = ['title', 'span', 'newRow', 'letter', 'heightMm', 'a', 'b', 'layer'];

/** Another kind in the same place; place, title and pair stay, options that both kinds have stay where they may. */
export function changeKind(page: PageSpec, at: number, kind: PanelKind): Edited {
  const before = Object.entries(page.panels[at]).filter(([key]) => key !== 'kind');
  const placed = before.filter(([key]) => placement.includes(key));
  // The strict schema refuses what the other kind does not have: every option is tried on its own.
  const kept = before.filter(([key, value]) => {
    if (placement.includes(key)) return false;
    return checked({ ...page, panels: [{ kind, [key]: value }] }).ok;
  });
  return checked({
    ...page,
    panels: page.panels.with(at, { kind, ...Object.fromEntries([...placed, ...kept]) } as PanelSpec),
  });
}

/** A panel after the given one, or at the end. */
export function addPanel(page: PageSpec, kind: PanelKind, after: number | null): Edited {
  return withPanels(
    page,
    page.panels.toSpliced((after ?? page.panels.length - 1) + 1, 0, { kind } as PanelSpec),
  );
}

export const duplicatePanel = (page: PageSpec, at: number): Edited =>
  withPanels(page, page.panels.toSpliced(at + 1, 0, structuredClone(page.panels[at])));

export const removePanel = (page: PageSpec, at: number): Edited =>
  withPanels(page, page.panels.toSpliced(at, 1));

/** Null where it cannot go further. */
export function movePanel(page: PageSpec, at: number, by: 1 | -1): Edited | null {
  const to = at + by;
  if (to < 0 || to >= page.panels.length) return null;
  return withPanels(page, page.panels.toSpliced(at, 1).toSpliced(to, 0, page.panels[at]));
}

const withPanels = (page: PageSpec, panels: PanelSpec[]): Edited => checked({ ...page, panels });
