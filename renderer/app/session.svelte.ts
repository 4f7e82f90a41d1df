import { getContext, setContext } from 'svelte';
import { sayFailed, sayPlain } from '../ui/notice.ts';
import type { Bridge, Client } from '#core/ipc/contract.ts';
import type { MenuCommand } from '#core/ipc/areas/window.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';
import type { ProjectSummary } from '#core/domain/project.ts';
import type { Result } from '#core/result.ts';
import { createClient } from '../backend/client.ts';
import { figureOfView, viewsWithoutFigure } from '../features/export/view-figure.ts';
import { Figures } from '../features/figures/figures.svelte.ts';
import { AnalysisForm } from '../features/new-analysis/form.svelte.ts';
import { openDropped } from '../features/drop/open-dropped.ts';
import { Choice, type UnitPair } from './choice.svelte.ts';
import { Engine } from './engine.svelte.ts';
import { Kept } from './kept.ts';
import { Jobs } from './jobs.svelte.ts';
import { Layout } from './layout.svelte.ts';
import { Partners } from './partners.ts';
import { Theme } from './theme.svelte.ts';
import { ViewHistory, type ViewState } from './view-history.svelte.ts';
import { ViewOptions } from './view-options.svelte.ts';
import { Tour } from '../features/tour/tour.svelte.ts';
import type { ViewName } from './views.ts';

export type Screen = 'start' | 'new-analysis' | 'workspace';
export type Panel = 'engine' | 'jobs' | 'keys' | 'search' | null;

/** Everything the window knows. It owns no truth: the project and the jobs are main's. */
export class Session {
  readonly client: Client;
  readonly choice = new Choice();
  readonly options = new ViewOptions();
  readonly history = new ViewHistory();
  readonly tour = new Tour();
  readonly figures: Figures;
  /** What views read of stored results, between one visit and the next. */
  readonly kept = new Kept();
  readonly jobs: Jobs;
  readonly engine: Engine;
  readonly theme: Theme;
  readonly layout: Layout;
  #form = $state.raw<AnalysisForm>()!;
  #project = $state.raw<ProjectSummary | null>(null);
  #screen = $state<Screen>('start');
  #view = $state<ViewName>('overview');
  #panel = $state<Panel>(null);
  #isOpening = $state(false);
  /** The tour is offered once there is something to walk past: the sample first runs. */
  #isTourDue = false;
  /** `auto`: open while a pair of units is selected. */
  #inspector = $state<'auto' | 'open' | 'closed'>('auto');
  readonly #bridge: Bridge;
  readonly #partners: Partners;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
    this.client = createClient(bridge);
    this.#partners = new Partners(this.client);
    this.figures = new Figures(this.client);
    this.jobs = new Jobs(this.client);
    this.engine = new Engine(this.client);
    this.layout = new Layout(this.client);
    this.theme = new Theme(() => this.engine.settings.theme);
    this.#form = new AnalysisForm(this.client);
  }

  get project(): ProjectSummary | null {
    return this.#project;
  }
  get screen(): Screen {
    return this.#screen;
  }
  get view(): ViewName {
    return this.#view;
  }
  get panel(): Panel {
    return this.#panel;
  }
  get form(): AnalysisForm {
    return this.#form;
  }
  get isOpening(): boolean {
    return this.#isOpening;
  }
  get isInspectorOpen(): boolean {
    return this.#inspector === 'open' || (this.#inspector === 'auto' && this.choice.units !== null);
  }

  /** Asks main where things stand, and listens from then on. Returns the way to stop listening. */
  start(): () => void {
    const stops = [
      this.#bridge.subscribe('job:changed', (job) => this.jobs.receive(job)),
      this.#bridge.subscribe('project:changed', (project) => this.#follow(project)),
      this.#bridge.subscribe('engine:changed', (status) => this.engine.receive(status)),
      this.#bridge.subscribe('settings:changed', (settings) => this.engine.receiveSettings(settings)),
      this.#bridge.subscribe('menu:command', (command) => this.obey(command)),
    ];
    void this.engine.refresh();
    void this.layout.refresh();
    void this.#resume();
    return () => stops.forEach((stop) => stop());
  }

  show(view: ViewName): void {
    this.#view = view;
    if (this.#project) this.#screen = 'workspace';
  }

  open(panel: Panel): void {
    this.#panel = panel;
  }

  /** Opens the figure of what is on the screen, to be laid out and exported; in Figures, offers its formats. */
  exportFigure(): void {
    if (this.#screen !== 'workspace') return;
    if (this.#view === 'figures') {
      this.figures.offerExport();
      return;
    }
    const figure = figureOfView(this, this.#view);
    if (figure) this.figures.openNew(figure);
    else if (!viewsWithoutFigure.includes(this.#view)) {
      sayPlain('What this view shows has not been computed: these are the figures that there are.');
    }
    this.show('figures');
  }

  toggleInspector(): void {
    this.#inspector = this.isInspectorOpen ? 'closed' : 'open';
  }

  /** Selects a pair of units. The first one after none brings the inspector up, even if it was closed before. */
  selectUnits(units: UnitPair): void {
    if (this.choice.units === null && this.#inspector === 'closed') this.#inspector = 'auto';
    this.choice.selectUnits(units);
  }

  /**
   * Selects one unit of any network at the chosen layer, with its partner. A network that is neither A nor B takes the
   * place of B, or of A where pairs are stored that way round.
   */
  async selectUnit(network: string, unit: number): Promise<void> {
    const { choice } = this;
    if (network !== choice.a && network !== choice.b) {
      if (choice.partnersOf(choice.a).includes(network)) choice.chooseB(network);
      else if (choice.partnersOf(network).includes(choice.a)) choice.choosePair(network, choice.a);
      else if (choice.partnersOf(network).includes(choice.b)) choice.chooseA(network);
      else return;
    }
    const { layer, a, b } = choice;
    const units = await this.#partners.pairOf(choice, network, unit);
    if (choice.layer === layer && choice.a === a && choice.b === b) this.selectUnits(units);
  }

  /** Lets go of the selected group, else of the selected units; false where nothing was selected. */
  putSelectionAway(): boolean {
    if (this.choice.group) this.choice.selectGroup(null);
    else if (this.choice.units) this.choice.selectUnits(null);
    else return false;
    return true;
  }

  /** Takes note of what is seen, for Undo; to be called whenever it may have changed. */
  noteView(): void {
    if (this.#screen !== 'workspace' || !this.choice.run) return;
    this.history.note({ view: this.#view, choice: this.choice.state, options: this.options.state });
  }

  undo(): void {
    this.#restore(this.history.undo());
  }

  redo(): void {
    this.#restore(this.history.redo());
  }

  newAnalysis(): void {
    const { provider, threads } = this.engine.settings;
    if (this.#form.networks.rows.length === 0) Object.assign(this.#form.run, { provider, threads });
    this.#screen = 'new-analysis';
  }

  /** What the menu asks for. */
  obey(command: MenuCommand): void {
    if (command === 'new-analysis') this.newAnalysis();
    else if (command === 'open-project') void this.openFromDialog();
    else if (command === 'open-in-new-window') void this.openWindow('ask');
    else if (command === 'close-project') void (this.#project && this.closeProject());
    else if (command === 'settings') this.open('engine');
    else if (command === 'jobs') this.open('jobs');
    else if (this.choice.run) this.exportFigure();
  }

  /** Opens one more window, empty or on a project. */
  async openWindow(project: 'none' | 'ask' | { token: string }): Promise<void> {
    const answer = await this.client.window.open({ project });
    if (!answer.ok) sayFailed(answer.error.message);
  }

  /** Opens what was dropped on the window where it belongs. */
  async takeDrop(files: readonly File[]): Promise<void> {
    const answer = await this.#bridge.drop(files);
    if (answer.ok) await openDropped(this, answer.value);
    else sayFailed(answer.error.message);
  }

  openDroppedProject(token: string): Promise<boolean> {
    return this.#openWith(() => this.client.project.openFile({ token }));
  }

  leaveNewAnalysis(): void {
    this.#screen = this.#project ? 'workspace' : 'start';
  }

  async openSample(): Promise<boolean> {
    const isOpen = await this.#openWith(() => this.client.project.openSample({}));
    this.#isTourDue = isOpen;
    this.#offerTour();
    return isOpen;
  }

  openFromDialog(): Promise<boolean> {
    return this.#openWith(() => this.client.project.openDialog({}));
  }

  openRecent(token: string): Promise<boolean> {
    return this.#openWith(() => this.client.project.openRecent({ token }));
  }

  async closeProject(): Promise<void> {
    const answer = await this.client.project.close({});
    if (!answer.ok) {
      sayFailed(answer.error.message);
      return;
    }
    this.#follow(null);
    this.jobs.clear();
    this.#screen = 'start';
  }

  /** Queues the form's analysis; asks for a project file first where none is open. */
  async runAnalysis(): Promise<void> {
    const draft = this.#form.draft();
    if (!draft || this.#isOpening) return;
    if (!this.#project) {
      const answer = await this.client.project.createDialog({ title: draft.title });
      if (!answer.ok) {
        sayFailed(answer.error.message);
        return;
      }
      if ('cancelled' in answer.value) return;
      this.#follow(answer.value.project);
    }
    const started = await this.client.analysis.start(draft);
    if (!started.ok) {
      this.#form.refuse(started.error);
      return;
    }
    await this.jobs.refresh();
    this.#view = 'overview';
    this.#screen = 'workspace';
  }

  /** Opens New analysis on the shown run's networks and data, with a tensor of one of them as a layer. */
  async compareTensor(network: string, tensor: string): Promise<void> {
    const { run } = this.choice;
    if (!run) return;
    const inputs = await this.client.analysis.inputsOfRun({ runId: run.id });
    if (!inputs.ok) {
      sayFailed(inputs.error.message);
      return;
    }
    this.newAnalysis();
    await this.#form.adopt(inputs.value);
    if (!this.#form.layers.addLayerOf(network, tensor))
      sayFailed(`${tensor} could not be added as a layer of ${network}.`);
  }

  addAnalysis(name: AnalysisName): Promise<void> {
    return this.addAnalyses([name]);
  }

  /** Runs the shown run's recipe again with analyses added, and its spectral clusters cut into these groups as well. */
  async addAnalyses(names: readonly AnalysisName[], cuts: readonly number[] = []): Promise<void> {
    const { run } = this.choice;
    if (!run || names.length === 0) return;
    const asked = { runId: run.id, analyses: [...names], ...(cuts.length > 0 ? { cuts: [...cuts] } : {}) };
    const started = await this.client.analysis.add(asked);
    if (!started.ok) {
      sayFailed(started.error.message);
      return;
    }
    await this.jobs.refresh();
  }

  async #openWith(
    ask: () => Promise<Result<{ project: ProjectSummary } | { cancelled: true }>>,
  ): Promise<boolean> {
    if (this.#isOpening) return false;
    this.#isOpening = true;
    const answer = await ask();
    this.#isOpening = false;
    if (!answer.ok) {
      // Open in another window, which is in front now.
      if (answer.error.code !== 'cancelled') sayFailed(answer.error.message);
      return false;
    }
    if ('cancelled' in answer.value) return false;
    await this.#enter(answer.value.project);
    return true;
  }

  async #enter(project: ProjectSummary): Promise<void> {
    this.jobs.clear();
    this.#follow(project);
    this.#view = 'overview';
    this.#screen = 'workspace';
    await this.jobs.refresh();
  }

  async #resume(): Promise<void> {
    const answer = await this.client.project.current({});
    if (answer.ok && answer.value.project) await this.#enter(answer.value.project);
  }

  #restore(state: ViewState | null): void {
    if (!state) return;
    this.#view = state.view;
    this.choice.restore(state.choice);
    this.options.restore(state.options);
  }

  #follow(project: ProjectSummary | null): void {
    if (project?.fileName !== this.#project?.fileName) {
      this.history.reset();
      this.options.restore({});
      this.kept.clear();
    }
    this.#project = project;
    this.choice.follow(project);
    this.figures.follow(project);
    this.#offerTour();
  }

  #offerTour(): void {
    if (!this.#project) this.#isTourDue = false;
    if (!this.#isTourDue || !this.choice.matching) return;
    this.#isTourDue = false;
    this.tour.offer();
  }
}

const key = Symbol('session');

export function provideSession(session: Session): Session {
  return setContext(key, session);
}

/** The session of this window; call it while a component is being made. */
export function useSession(): Session {
  return getContext<Session>(key);
}
