import { analysisNames, type AnalysisName } from '#core/domain/recipe.ts';
import type { ResultEntry } from '#core/domain/result.ts';
import { analysisWords } from '../../ui/analyses.ts';
import type { Session } from '../session.svelte.ts';
import { viewNames, views, type ViewName } from '../views.ts';
import { fuzzyScore } from './fuzzy.ts';

/** Something the palette can do. */
export interface Command {
  /** The same in every session, so that it can be remembered. */
  id: string;
  group: string;
  label: string;
  /** More words to find it by. */
  hint?: string;
  keys?: string[];
  run: () => void;
}

const viewOf: Record<AnalysisName, ViewName> = {
  correlation: 'correlation',
  matching: 'match',
  'mutual-information': 'mutual-information',
  'sparse-mapping': 'sparse-map',
  'spectral-clusters': 'clusters',
  subspaces: 'subspaces',
  code: 'code',
  certainty: 'certainty',
  neighbourhoods: 'neighbourhoods',
  'many-networks': 'many-networks',
  'layer-map': 'layer-map',
};

/** Everything that can be done now, before anything is typed. */
function commandsOf(session: Session): Command[] {
  const { choice } = session;
  if (!session.project) return generalCommands(session);
  const shown = viewNames.map((name, at) => ({
    id: `show ${name}`,
    group: 'Show',
    label: views[name].label,
    hint: views[name].hint,
    keys: at < 9 ? [String(at + 1)] : name === 'figures' ? ['F'] : undefined,
    run: () => session.show(name),
  }));
  if (!choice.run) return [...shown, ...generalCommands(session)];
  return [
    ...shown,
    ...choice.layers.map((name) => ({
      id: `layer ${name}`,
      group: 'Layer',
      label: name,
      run: () => choice.chooseLayer(name),
    })),
    ...choice.networksA.flatMap((a) =>
      choice.partnersOf(a).map((b) => ({
        id: `pair ${a} ${b}`,
        group: 'Pair',
        label: `${a} – ${b}`,
        run: () => choice.choosePair(a, b),
      })),
    ),
    ...missingCommands(session),
    ...workspaceCommands(session),
    ...generalCommands(session),
  ];
}

function missingCommands(session: Session): Command[] {
  const has = new Set(session.choice.run?.results.map(({ analysis }) => analysis));
  const missing = analysisNames.filter((name) => !has.has(name));
  if (missing.length === 0 || session.jobs.running) return [];
  return [
    ...missing.map((name) => ({
      id: `run ${name}`,
      group: 'Run',
      label: `Run ${analysisWords[name].label.toLowerCase()}`,
      hint: analysisWords[name].hint,
      run: () => void session.addAnalysis(name),
    })),
    {
      id: 'run all',
      group: 'Run',
      label: `Run all that is missing (${missing.length})`,
      run: () => void session.addAnalyses(missing),
    },
  ];
}

function workspaceCommands(session: Session): Command[] {
  const command = (label: string, run: () => void, keys?: string[]) => ({
    id: label,
    group: 'Do',
    label,
    keys,
    run,
  });
  return [
    command('Export the figure', () => session.exportFigure(), ['E']),
    command('Show or hide the inspector', () => session.toggleInspector(), ['I']),
    ...(session.history.canUndo
      ? [command('Undo: back to what was looked at before', () => session.undo(), ['Ctrl', 'Z'])]
      : []),
    ...(session.history.canRedo
      ? [command('Redo: forward again', () => session.redo(), ['Ctrl', 'Shift', 'Z'])]
      : []),
    ...(session.choice.group
      ? [command('Clear the selected group', () => session.choice.selectGroup(null), ['Esc'])]
      : []),
    ...(session.choice.canSwap ? [command('Swap A and B', () => session.choice.swap())] : []),
  ];
}

function generalCommands(session: Session): Command[] {
  const command = (group: string, label: string, run: () => void, keys?: string[]) => ({
    ...{ id: label, group, label, keys, run },
  });
  const theme = (value: 'system' | 'light' | 'dark') =>
    command('Setting', `Theme: ${value}`, () => void session.engine.change({ theme: value }));
  return [
    command('Do', 'New analysis', () => session.newAnalysis(), ['N']),
    command('Do', 'Open project…', () => void session.openFromDialog(), ['O']),
    command('Do', 'Open the sample project', () => void session.openSample()),
    command('Do', 'Show the jobs', () => session.open('jobs'), ['J']),
    command('Do', 'New window', () => void session.openWindow('none')),
    command('Do', 'Open project in a new window…', () => void session.openWindow('ask')),
    ...(session.project ? [command('Do', 'Close project', () => void session.closeProject())] : []),
    ...(session.project && session.choice.run
      ? [command('Do', 'Take the tour', () => session.tour.start())]
      : []),
    command('Do', 'Show the keys', () => session.open('keys'), ['?']),
    command('Setting', 'Engine and settings', () => session.open('engine')),
    theme('light'),
    theme('dark'),
    theme('system'),
  ];
}

/** Units by network and number, as "Net1 17"; nothing where the query names no number. */
function unitCommands(session: Session, query: string): Command[] {
  const { choice } = session;
  const asked = /^(.*?)[\s#]*(\d+)\s*$/.exec(query.trim());
  if (!asked || !choice.run || !choice.layerFacts) return [];
  // "Net1 17" names a network; "17" alone any; "net117" is a network's name with digits, or not.
  const [, name, digits] = asked;
  const unit = Number(digits);
  return choice.run.networks
    .filter((network) => !name || fuzzyScore(name, network.name) !== null)
    .filter((network) => unit < (choice.layerFacts?.units[network.name] ?? 0))
    .map((network) => ({
      id: `unit ${network.name} ${unit}`,
      group: 'Unit',
      label: `${network.name} ${unit}`,
      hint: `unit ${unit} of ${network.name} at ${choice.layer}`,
      run: () => {
        if (!views[session.view].hasInspector) session.show('match');
        void session.selectUnit(network.name, unit);
      },
    }));
}

function resultCommands(session: Session): Command[] {
  const isPair = ({ params }: ResultEntry) => !Array.isArray(params.networks);
  return (session.choice.run?.results ?? []).map((result) => {
    const { analysis, a, b } = result;
    const pair = isPair(result) ? `${a.network} – ${b.network}` : 'all networks';
    return {
      id: `result ${result.id}`,
      group: 'Result',
      label: `${analysisWords[analysis].label}, ${pair}, ${a.layer}`,
      run: () => {
        if (isPair(result)) session.choice.choosePair(a.network, b.network);
        if (session.choice.layers.includes(a.layer)) session.choice.chooseLayer(a.layer);
        session.show(viewOf[analysis]);
      },
    };
  });
}

const mostOfGroup = 8;
const recentBonus = 2;

/** The commands that a query names, best first within their group; recent ones first while nothing is typed. */
export function findCommands(session: Session, query: string, recent: readonly string[]): Command[] {
  const all = commandsOf(session);
  if (query.trim() === '') {
    const known = recent.flatMap((id) => all.filter((command) => command.id === id));
    return [
      ...known.map((command) => ({ ...command, group: 'Recent' })),
      ...all.filter((command) => !known.includes(command)),
    ];
  }
  const units = unitCommands(session, query);
  const scored = [...all, ...resultCommands(session)]
    .flatMap((command) => {
      const label = fuzzyScore(query, `${command.group} ${command.label}`);
      const hint = command.hint && label === null ? fuzzyScore(query, command.hint) : null;
      const score = label ?? (hint === null ? null : hint / 2);
      const bonus = recent.includes(command.id) ? recentBonus : 0;
      return score === null ? [] : [{ command, score: score + bonus }];
    })
    .sort((x, y) => y.score - x.score);
  const counts = new Map<string, number>();
  const kept = scored.filter(({ command: { group } }) => {
    counts.set(group, (counts.get(group) ?? 0) + 1);
    return (counts.get(group) ?? 0) <= mostOfGroup;
  });
  return [...units, ...kept.map(({ command }) => command)];
}
