import type { CheckpointPosition, EngineData, PassRequest, PassState } from '#core/ipc/engine.ts';
import { formatCount } from '#core/figure/ticks.ts';
import { StateReader, UnfitState, type Resumable } from '../accumulate/saved-state.ts';
import { StateFile } from '../files/state-file.ts';
import type { CaptureHooks } from './capture-hooks.ts';

/** In `CheckpointPosition.made`: names of the layers that a pass takes; left out where it takes all. */
export const layersFact = 'choice of layers';

/** Hooks of a pass that say every sentence once, and know what was said. */
export interface NotingHooks extends CaptureHooks {
  readonly said: ReadonlySet<string>;
}

/**
 * Does a pass that goes on where an earlier one stopped; where the two do not fit, from the beginning, and says why.
 */
export async function goingOn<Request extends PassRequest, Answer>(
  request: Request,
  hooks: CaptureHooks,
  pass: (request: Request, hooks: NotingHooks) => Promise<Answer>,
): Promise<Answer> {
  const noting = sayingOnce(hooks);
  const { checkpoints } = request;
  try {
    return await pass(request, noting);
  } catch (error) {
    const stopped = checkpoints?.later.at(-1) ?? checkpoints?.from;
    if (!(error instanceof UnfitState) || !stopped) throw error;
    const at = formatCount(stopped.position.done);
    noting.note(`An earlier run stopped at image ${at}; this one begins again, because ${error.message}.`);
    await hooks.keep?.(null).catch(() => 0);
    return pass(
      { ...request, checkpoints: checkpoints && { ...checkpoints, from: null, later: [] } },
      noting,
    );
  }
}

/**
 * Restores the state of an earlier pass, made under the same circumstances, and says from where the pass goes on.
 *
 * @throws UnfitState
 */
export function takeUp(
  { position, arrays }: PassState,
  sums: Resumable,
  made: CheckpointPosition['made'],
  total: number,
  hooks: CaptureHooks,
): void {
  for (const what of new Set([...Object.keys(made), ...Object.keys(position.made)])) {
    const [then, now] = [position.made[what], made[what]];
    const missing = what === layersFact ? 'all of them' : 'not known';
    if (then !== now) throw new UnfitState(`its ${what} was ${then ?? missing} and is ${now ?? missing} now`);
  }
  const file = new StateFile(arrays);
  try {
    sums.restore(new StateReader(file));
  } finally {
    file.close();
  }
  for (const sentence of position.notes) hooks.note(sentence);
  hooks.note(
    position.done < total
      ? `Goes on from image ${formatCount(position.done)} of ${formatCount(total)}, where an earlier run stopped.`
      : `An earlier run read everything up to image ${formatCount(total)}${made[layersFact] ? ` for ${made[layersFact]}` : ''}; that is not read again.`,
  );
}

function sayingOnce(hooks: CaptureHooks): NotingHooks {
  const said = new Set<string>();
  return {
    ...hooks,
    said,
    note(sentence) {
      if (said.has(sentence)) return;
      said.add(sentence);
      hooks.note(sentence);
    },
  };
}

/** Without another look for bad images, where an earlier pass has looked. */
export function withKnownSkips(data: EngineData, from: PassState | null): EngineData {
  if (!from || data.onError !== 'skip') return data;
  return { ...data, skipped: from.position.skipped.map(({ name }) => name) };
}
