import type { PlainError } from '#core/errors.ts';
import type { ProjectSummary } from '#core/domain/project.ts';
import type { PageSpec } from '#core/figure/spec.ts';
import type { ExportFormat, SavedFigure } from '#core/ipc/areas/figure.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { Result } from '#core/result.ts';
import { plural } from '../../ui/format.ts';
import { sayDone, sayFailed } from '../../ui/notice.ts';
import { draftPlace, keepDrafts, readDrafts } from './drafts.ts';
import { Drawings } from './drawings.ts';
import { Editor } from './editor.svelte.ts';
import { LivePicture } from './live-picture.svelte.ts';
import { movePanel, removePanel, type Edited } from './page-edits.ts';
import { pageText } from './page-history.svelte.ts';
import { writtenWords } from './written-words.ts';

/** A figure by its name, to be opened or written. */
export interface NamedPage {
  name: string;
  page: PageSpec;
}

/**
 * The figures of the open project and those that are being edited. Edits that are not saved stay when another figure,
 * view or project is opened, and when the window is closed.
 */
export class Figures {
  readonly #client: Client;
  readonly drawings: Drawings;
  readonly picture: LivePicture;
  #place: string | null = null;
  #saved = $state.raw<SavedFigure[]>([]);
  #savedState = $state<'unread' | 'ready' | 'failed'>('unread');
  #savedError = $state.raw<PlainError | null>(null);
  #editors = $state.raw<Editor[]>([]);
  #openKey = $state('');
  #panel = $state<number | null>(null);
  #isBusy = $state(false);
  /** Raised when results change, so that pictures are asked for again. */
  #age = $state(0);
  #made = 0;
  /** What the person is asked about before it happens. */
  #dialog = $state<'export-all' | 'remove' | null>(null);
  /** Whether the open figure's formats are offered. */
  #isExporting = $state(false);

  constructor(client: Client) {
    this.#client = client;
    this.drawings = new Drawings((page) => client.figure.renderPage({ page, theme: 'light' }));
    this.picture = new LivePicture(this.drawings);
  }

  get saved(): SavedFigure[] {
    return this.#saved;
  }
  get savedState(): 'unread' | 'ready' | 'failed' {
    return this.#savedState;
  }
  get savedError(): PlainError | null {
    return this.#savedError;
  }
  readonly #open = $derived.by(() => this.#editors.find(({ key }) => key === this.#openKey) ?? null);
  get open(): Editor | null {
    return this.#open;
  }
  readonly #openSaved = $derived.by(() => {
    const id = this.#open?.savedId;
    return this.#saved.find((figure) => figure.id === id) ?? null;
  });
  get openSaved(): SavedFigure | null {
    return this.#openSaved;
  }
  readonly #unsaved = $derived.by(() => this.#editors.filter((editor) => editor.isDraft));
  /** Figures with edits that are not in the project. */
  get unsaved(): Editor[] {
    return this.#unsaved;
  }
  /** The selected panel of the open page. */
  get panel(): number | null {
    const count = this.#open?.page.panels.length ?? 0;
    return this.#panel !== null && this.#panel < count ? this.#panel : null;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  get age(): number {
    return this.#age;
  }
  get dialog(): 'export-all' | 'remove' | null {
    return this.#dialog;
  }

  get isExporting(): boolean {
    return this.#isExporting;
  }

  offerExport(isOffered = true): void {
    this.#isExporting = isOffered && this.#open !== null;
  }

  ask(dialog: 'export-all' | 'remove' | null): void {
    this.#dialog = dialog;
  }

  editorOf(savedId: string): Editor | undefined {
    return this.#editors.find((editor) => editor.savedId === savedId);
  }

  /** Another project, or the same with other results. */
  follow(project: ProjectSummary | null): void {
    const place = project && draftPlace(project);
    this.drawings.forget();
    this.#age++;
    if (place === this.#place) return;
    this.#place = place;
    this.#saved = [];
    this.#savedState = 'unread';
    this.#editors = [];
    this.#openKey = '';
    this.#panel = null;
    this.picture.clear();
  }

  /** Reads the project's figures; the first time, the drafts that were left with them. */
  async refresh(): Promise<void> {
    const place = this.#place;
    if (place === null) return;
    const answer = await this.#client.figure.saved({});
    if (place !== this.#place) return;
    if (!answer.ok) {
      this.#savedError = answer.error;
      this.#savedState = 'failed';
      return;
    }
    const isFirst = this.#savedState !== 'ready';
    this.#saved = answer.value;
    this.#savedError = null;
    this.#savedState = 'ready';
    if (isFirst) this.#takeDrafts(place);
  }

  #takeDrafts(place: string): void {
    const found = readDrafts(place).map((draft) => {
      const saved = this.#saved.find(({ id }) => id === draft.savedId);
      return Editor.ofDraft(saved?.id ?? this.#newKey(), draft, saved);
    });
    this.#editors = [...this.#editors, ...found];
  }

  #newKey(): string {
    return `new-${++this.#made}`;
  }

  openFigure(figure: SavedFigure): void {
    this.#show(this.editorOf(figure.id) ?? Editor.ofSaved(figure));
  }

  openDraft(editor: Editor): void {
    this.#show(editor);
  }

  /** A figure of the gallery, a view or a file: new, and a draft once it is edited. */
  openNew({ name, page }: NamedPage, origin: string | null = null): void {
    this.#show(new Editor(this.#newKey(), { name, page }, origin));
  }

  /** The one before goes, unless it holds work. */
  #show(editor: Editor): void {
    if (editor.key === this.#openKey) return;
    const others = this.#editors.filter((other) => other !== editor && other.isDraft);
    this.#editors = [...others, editor];
    this.#openKey = editor.key;
    this.#panel = null;
    this.picture.clear();
  }

  select(panel: number | null): void {
    this.#panel = panel;
  }

  rename(name: string): void {
    this.#change({ name }, 'name');
  }

  /** Takes an edited page where it can be one; else says why not, and changes nothing. */
  edit(edited: Edited | null, what: string | null): string | null {
    if (edited === null) return null;
    if (!edited.ok) return edited.message;
    this.#change({ page: edited.page }, what);
    return null;
  }

  #change(next: Partial<NamedPage>, what: string | null): void {
    this.#open?.change(next, what);
    this.#keepDrafts();
  }

  movePanel(by: 1 | -1): void {
    const at = this.panel;
    if (!this.#open || at === null) return;
    const moved = movePanel(this.#open.page, at, by);
    if (moved && this.edit(moved, null) === null) this.#panel = at + by;
  }

  removePanel(): void {
    const at = this.panel;
    if (!this.#open || at === null || this.#open.page.panels.length === 1) return;
    if (this.edit(removePanel(this.#open.page, at), null) !== null) return;
    this.#panel = Math.min(at, this.#open.page.panels.length - 1);
  }

  undo(): void {
    if (this.#open?.undo()) this.#keepDrafts();
  }

  redo(): void {
    if (this.#open?.redo()) this.#keepDrafts();
  }

  async save(): Promise<void> {
    const editor = this.#open;
    if (!editor?.isUnsaved || this.#isBusy) return;
    // Main keeps names without the white space around them.
    if (editor.name !== editor.name.trim()) editor.change({ name: editor.name.trim() }, 'name');
    const { name, page } = editor;
    const id = editor.savedId ?? undefined;
    await this.#do(
      () => this.#client.figure.save({ id, name, page }),
      (saved) => this.#settle(editor, saved),
    );
  }

  #settle(editor: Editor, saved: SavedFigure): void {
    editor.settle(saved);
    this.#put(saved);
    this.#keepDrafts();
  }

  #put(saved: SavedFigure): void {
    this.#saved = [saved, ...this.#saved.filter(({ id }) => id !== saved.id)];
  }

  /** Draws a stale figure from today's results. */
  async update(figure: SavedFigure): Promise<void> {
    await this.#do(
      () => this.#client.figure.update({ id: figure.id }),
      (updated) => {
        this.#saved = this.#saved.map((one) => (one.id === updated.id ? updated : one));
        sayDone(`${updated.name} shows today's results.`);
      },
    );
  }

  /** Takes the open figure out of the project, or throws the draft away. */
  async removeOpen(): Promise<void> {
    const editor = this.#open;
    this.#dialog = null;
    if (!editor) return;
    const { savedId: id, name } = editor;
    const forget = () => {
      this.#editors = this.#editors.filter((other) => other !== editor);
      this.#saved = this.#saved.filter((figure) => figure.id !== id);
      this.#openKey = '';
      this.picture.clear();
      this.#keepDrafts();
      sayDone(id === null ? `${name} was thrown away.` : `${name} was removed from the project.`);
    };
    if (id === null) forget();
    else await this.#do(() => this.#client.figure.remove({ id }), forget);
  }

  /** Back to what is saved. */
  discardEdits(): void {
    const [editor, saved] = [this.#open, this.#openSaved];
    if (!editor || !saved) return;
    editor.change({ name: saved.name, page: saved.page }, null);
    this.#keepDrafts();
  }

  /** The open figure once more, under another name. */
  duplicate(): void {
    const editor = this.#open;
    if (!editor) return;
    const copy = { name: `${editor.name} copy`, page: editor.page, savedId: null };
    this.#show(Editor.ofDraft(this.#newKey(), copy, undefined));
    this.#keepDrafts();
  }

  async openFile(): Promise<void> {
    await this.#do(
      () => this.#client.figure.openSpecDialog({}),
      (opened) => {
        if ('cancelled' in opened) return;
        this.#show(Editor.ofDraft(this.#newKey(), { ...opened, savedId: null }, undefined));
        this.#keepDrafts();
      },
    );
  }

  async saveAll(figures: readonly NamedPage[]): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    let count = 0;
    const known = new Set(this.#saved.map(({ name, page }) => name + pageText(page)));
    for (const { name, page } of [...figures].reverse()) {
      if (known.has(name + pageText(page))) continue;
      const answer = await this.#client.figure.save({ name, page });
      if (!answer.ok) {
        sayFailed(answer.error.message, `${plural(count, 'figure')} saved before it.`);
        break;
      }
      this.#put(answer.value);
      count++;
    }
    this.#isBusy = false;
    if (count > 0) sayDone(`${plural(count, 'figure')} saved in the project.`);
    else if (known.size > 0) sayDone('All of these figures are in the project already.');
  }

  async copy(format: 'svg' | 'png', dpi: number): Promise<void> {
    const editor = this.#open;
    if (!editor) return;
    const { page } = editor;
    await this.#do(
      () => this.#client.figure.copy({ page, format, dpi }),
      () => sayDone(`${editor.name} is on the clipboard, as ${format.toUpperCase()}.`),
    );
  }

  async export(format: ExportFormat, dpi: number): Promise<void> {
    const editor = this.#open;
    if (!editor) return;
    const { name, page } = editor;
    await this.#do(() => this.#client.figure.exportPageDialog({ page, name, format, dpi }), sayWritten);
  }

  async exportAll(
    figures: readonly NamedPage[],
    formats: readonly ExportFormat[],
    dpi: number,
  ): Promise<boolean> {
    const asked = figures.map(({ name, page }) => ({ name, page }));
    return this.#do(
      () => this.#client.figure.exportAllDialog({ figures: asked, formats: [...formats], dpi }),
      sayWritten,
    );
  }

  /** One thing at a time; a failure is said, and nothing is changed. */
  async #do<T>(work: () => Promise<Result<T>>, done: (value: T) => void): Promise<boolean> {
    if (this.#isBusy) return false;
    this.#isBusy = true;
    const answer = await work();
    this.#isBusy = false;
    if (answer.ok) done(answer.value);
    else sayFailed(answer.error.message);
    return answer.ok;
  }

  #keepDrafts(): void {
    if (this.#place === null) return;
    const drafts = this.#unsaved.map(({ name, page, savedId }) => ({ name, page, savedId }));
    if (!keepDrafts(this.#place, drafts)) {
      sayFailed(
        'There is no room to keep unsaved figures over the end of the window: save them in the project.',
      );
    }
  }
}

function sayWritten(written: { files: string[]; folder: string } | { cancelled: true }): void {
  if (!('cancelled' in written)) sayDone(writtenWords(written.files, written.folder), written.files[0]);
}
