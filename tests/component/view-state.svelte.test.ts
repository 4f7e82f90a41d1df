import { describe, expect, it } from 'vitest';
import { flushSync } from 'svelte';
import { Choice } from '#renderer/app/choice.svelte.ts';
import { Partners } from '#renderer/app/partners.ts';
import { ViewHistory, type ViewState } from '#renderer/app/view-history.svelte.ts';
import { ViewOptions, type OptionValue } from '#renderer/app/view-options.svelte.ts';
import { createClient } from '#renderer/backend/client.ts';
import { createFakeBackend, failure } from './fake-backend.ts';
import { makeProject, pairResult } from './synthetic.ts';

function choiceOf(): Choice {
  const choice = new Choice();
  choice.follow(makeProject());
  return choice;
}

describe('what is chosen', () => {
  it('is restored whole, and what no longer exists is left as it is', () => {
    const choice = choiceOf();
    choice.choosePair('Net2', 'Net3');
    choice.chooseLayer('conv2');
    choice.selectUnits({ unitA: 3, unitB: 5 });
    choice.selectGroup({ label: 'two', members: { Net2: [1, 4] }, source: 'row' });
    const { state } = choice;
    choice.chooseLayer('fc1');
    choice.choosePair('Net1', 'Net4');
    expect(choice.units).toBeNull();
    expect(choice.group).toBeNull();
    choice.restore(state);
    expect(choice.state).toEqual(state);
    expect(choice.isInGroup('Net2', 4)).toBe(true);
    expect(choice.isInGroup('Net2', 2)).toBe(false);
    expect(choice.isInGroup('Net1', 4)).toBe(false);

    choice.restore({ ...state, runId: 'gone', layer: 'conv1' });
    expect(choice.layer).toBe('conv2');
    choice.restore({ ...state, a: 'Net3', b: 'Net2', layer: 'gone' });
    expect([choice.a, choice.b, choice.layer]).toEqual(['Net2', 'Net3', 'conv2']);
  });
});

describe('the history of views', () => {
  type Part = Partial<ViewState['choice']> & { view?: ViewState['view'] };
  const at = ({ view = 'overview', ...choice }: Part = {}): ViewState => ({
    view,
    choice: { runId: 'r', a: 'A', b: 'B', layer: 'one', units: null, group: null, ...choice },
    options: {},
  });

  it('goes back and forward through what was looked at', () => {
    const history = new ViewHistory();
    const [first, second, third] = [at(), at({ view: 'match' }), at({ view: 'match', layer: 'two' })];
    history.note(first, 0);
    expect([history.canUndo, history.canRedo]).toEqual([false, false]);
    history.note(second, 1000);
    history.note(third, 2000);
    expect(history.undo()).toBe(second);
    history.note(structuredClone(second), 2001);
    expect(history.canRedo).toBe(true);
    expect(history.undo()).toBe(first);
    expect(history.undo()).toBeNull();
    expect(history.redo()).toEqual(second);
    history.note(at({ layer: 'three' }), 9000);
    expect(history.canRedo).toBe(false);
  });

  it('takes quick changes of one part for one step, but never two views', () => {
    const history = new ViewHistory();
    history.note(at(), 0);
    for (const unit of [1, 2, 3]) history.note(at({ units: { unitA: unit, unitB: 0 } }), 1000 + 100 * unit);
    expect(history.undo()?.choice.units).toBeNull();
    expect(history.canUndo).toBe(false);

    const quick = new ViewHistory();
    quick.note(at(), 0);
    quick.note(at({ view: 'match' }), 10);
    quick.note(at({ view: 'code' }), 20);
    expect(quick.undo()?.view).toBe('match');
    expect(quick.undo()?.view).toBe('overview');
    quick.reset();
    expect([quick.canUndo, quick.canRedo]).toEqual([false, false]);
  });
});

describe('options of the views', () => {
  it('start from their defaults, keep what is set by view, and are restored as copies', () => {
    const options = new ViewOptions();
    const defaults: Record<'order' | 'cut' | 'isGrey', OptionValue> = {
      order: 'semi',
      cut: 4,
      isGrey: false,
    };
    const match = options.of('match', defaults);
    expect({ ...match }).toEqual({ order: 'semi', cut: 4, isGrey: false });
    match.cut = 8;
    match.isGrey = true;
    expect(options.of('match', { order: 'semi', cut: 4, isGrey: false }).cut).toBe(8);
    expect(options.of('clusters', { cut: 4 }).cut).toBe(4);
    const { state } = options;
    expect(state).toEqual({ match: { cut: 8, isGrey: true } });
    match.cut = 2;
    expect(state.match?.cut).toBe(8);
    options.restore(state);
    expect(match.cut).toBe(8);
    match.cut = 3;
    expect(state.match?.cut).toBe(8);
  });

  it('tell whoever reads them that they changed', () => {
    const options = new ViewOptions();
    const match = options.of('match', { cut: 4 });
    const seen: number[] = [];
    const stop = $effect.root(() => {
      $effect(() => void seen.push(match.cut));
    });
    flushSync();
    match.cut = 5;
    flushSync();
    options.restore({});
    flushSync();
    stop();
    expect(seen).toEqual([4, 5, 4]);
  });
});

describe('partners', () => {
  it('are the match of a unit either way, and each table is read once', async () => {
    const bridge = createFakeBackend({ project: makeProject() });
    const partners = new Partners(createClient(bridge));
    const choice = choiceOf();
    const { table } = pairResult('conv1', 'Net1', 'Net2');
    expect(await partners.pairOf(choice, 'Net1', 5)).toEqual({ unitA: 5, unitB: table.matchB[5] });
    const row = table.matchB.indexOf(3);
    expect(await partners.pairOf(choice, 'Net2', 3)).toEqual({ unitA: table.unitA[row], unitB: 3 });
    expect(await partners.pairOf(choice, 'Net2', 10_000)).toEqual({ unitA: -1, unitB: 10_000 });
    expect(bridge.calls.filter(({ method }) => method === 'result.pairs')).toHaveLength(1);
  });

  it('fall back to the semi-match, and to none without a matching', async () => {
    const { table } = pairResult('conv1', 'Net1', 'Net2');
    const unmatched = { ...table, matchB: table.matchB.map((col, unit) => (unit === 2 ? -1 : col)) };
    const bridge = createFakeBackend({
      project: makeProject(),
      answers: { result: { pairs: () => unmatched } },
    });
    const choice = choiceOf();
    expect(await new Partners(createClient(bridge)).pairOf(choice, 'Net1', 2)).toEqual({
      unitA: 2,
      unitB: table.semiB[2],
    });
    const fails = createFakeBackend({
      answers: {
        result: {
          pairs: () => {
            throw failure('storage', 'Locked.');
          },
        },
      },
    });
    expect(await new Partners(createClient(fails)).pairOf(choice, 'Net1', 2)).toEqual({
      unitA: 2,
      unitB: -1,
    });
  });
});
