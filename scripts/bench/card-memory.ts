import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const pollMs = 250;

/** Follows what is in use on the first NVIDIA card, MiB above what was at the start; null where nvidia-smi is not. */
export function watchCard(): { end(): Promise<number | null> } {
  let isRunning = true;
  let [first, most]: (number | null)[] = [null, null];
  const watching = (async () => {
    while (isRunning) {
      const used = await usedMiB();
      if (used === null) return;
      first ??= used;
      most = Math.max(most ?? 0, used);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  })();
  return {
    async end() {
      isRunning = false;
      await watching;
      return most === null || first === null ? null : most - first;
    },
  };
}

async function usedMiB(): Promise<number | null> {
  try {
    const { stdout } = await execute('nvidia-smi', [
      '--query-gpu=memory.used',
      '--format=csv,noheader,nounits',
    ]);
    return Number.parseFloat(stdout);
  } catch {
    return null;
  }
}
