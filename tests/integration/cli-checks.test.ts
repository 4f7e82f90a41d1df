import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../fixtures/command-line.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

describe('validate', () => {
  it('recomputes published numbers with every back end', async () => {
    const { status, stdout } = await runCommand(['validate']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^pass +Linear CKA +0\.5576132566 /m);
    expect(stdout).toMatch(/^\d\d passed, 0 failed, \d+ not offered \(/m);
  });

  it('ends with status 1 where one differs, and says which in JSON', async () => {
    const folder = temporaryFolder();
    const oracles = join(import.meta.dirname, '../../samples/oracles');
    for (const file of readdirSync(oracles)) copyFileSync(join(oracles, file), join(folder, file));
    const file = join(folder, 'matching.json');
    const content = JSON.parse(readFileSync(file, 'utf8')) as {
      greedy_ne_optimal_12x12: { opt_mean: number };
    };
    content.greedy_ne_optimal_12x12.opt_mean += 0.01;
    writeFileSync(file, JSON.stringify(content));
    const { status, stdout } = await runCommand(['validate', '--json'], { CONSILIENCE_ORACLES: folder });
    expect(status).toBe(1);
    const report = JSON.parse(stdout) as { failed: number; checks: { id: string; verdict: string }[] };
    expect(report.failed).toBe(1);
    expect(report.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)).toEqual([
      'matching.json/greedy_ne_optimal_12x12/opt_mean',
    ]);
    writeFileSync(file, 'no json');
    const broken = await runCommand(['validate'], { CONSILIENCE_ORACLES: folder });
    expect(broken.status).not.toBe(0);
    expect(broken.stderr).toContain('matching.json is no JSON');
  });
});

describe('doctor', () => {
  it('says in words what is there and what is missing', async () => {
    const { status, stdout } = await runCommand(['doctor']);
    expect(status).toBe(0);
    for (const what of [
      'Node',
      'onnxruntime',
      'Provider cpu',
      'Provider cuda',
      'BLAS',
      'LAPACK',
      'Memory',
      'Electron',
    ])
      expect(stdout).toMatch(new RegExp(`^(ok|missing) +${what} `, 'm'));
  });
});
