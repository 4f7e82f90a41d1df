import { execFileSync } from 'node:child_process';

/** Process ids of the engines that a given process has started, by the system's own process list. */
export function enginesOf(parentPid: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === parentPid && command.includes('engine.process') ? [Number(pid)] : [];
  });
}
