import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '#core/errors.ts';
import type { EngineStatus } from '#core/ipc/areas/settings.ts';
import { createEngineService } from '#main/engine/supervisor.ts';
import { engineProcesses, processMark, until } from '../fixtures/command-line.ts';
import { samplesFolder } from '../fixtures/samples.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

/** Ends in a row after which the supervisor gives up. */
const strikes = 3;
const model = join(samplesFolder, 'net1.onnx');

function supervised() {
  const log: string[] = [];
  const engine = createEngineService({ log: (line) => log.push(line) });
  onTestFinished(() => engine.stop());
  const states: EngineStatus['state'][] = [];
  engine.subscribe(({ state }) => states.push(state));
  const pids = () => engineProcesses({ parent: process.pid });
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    const [pid] = pids();
    process.kill(pid, signal);
    await until('the end is noticed', () => engine.status().state !== 'ready');
  };
  return { engine, states, pids, kill, log };
}

describe.skipIf(process.platform !== 'linux')('the supervised engine', () => {
  it('starts once however often it is asked, tells versions, and ends when it is stopped', async () => {
    const { engine, states, pids } = supervised();
    expect(engine.status()).toMatchObject({ state: 'off', generation: 0, summary: 'Engine not started' });
    const [status, , providers] = await Promise.all([
      engine.start(),
      engine.start(),
      engine.methods.providers(),
    ]);
    expect(status).toMatchObject({ state: 'ready', generation: 1 });
    expect(status.versions).toEqual({
      node: process.versions.node,
      onnxruntime: expect.stringMatching(/^\d+\.\d+/),
    });
    expect(status.threads).toBeGreaterThan(0);
    expect(providers.find(({ name }) => name === 'cpu')).toMatchObject({ available: true });
    expect(pids()).toHaveLength(1);
    await engine.stop();
    expect(pids()).toEqual([]);
    expect(engine.status()).toMatchObject({ state: 'off', generation: 1 });
    expect(states).toContain('starting');
    expect(states).not.toContain('failed');
  });

  it('passes errors with code and sentence', async () => {
    const { engine } = supervised();
    const failure = await engine.methods.inspectModel('/none/x.onnx').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({
      code: 'not-found',
      message: 'The model file /none/x.onnx cannot be read; check the path.',
    });
  });

  it('says how it ended, fails what was running, and starts again when it is needed', async () => {
    const { engine, states, kill, log } = supervised();
    await engine.start();
    const running = engine.methods.inspectModel(model).catch((error: unknown) => error);
    await kill('SIGSEGV');
    const sentence = /^The engine process was ended by SIGSEGV\. The project file is intact; run again/;
    expect(await running).toMatchObject({ code: 'engine-failed', message: expect.stringMatching(sentence) });
    expect(engine.status()).toMatchObject({ state: 'failed', summary: expect.stringMatching(sentence) });
    expect(log.at(-1)).toMatch(sentence);
    expect((await engine.methods.inspectModel(model)).file).toBe('net1.onnx');
    expect(engine.status()).toMatchObject({ state: 'ready', generation: 2 });
    expect(states).toContain('failed');
  });

  it(`is given up after ${strikes} ends in a row, until a person asks`, async () => {
    const { engine, kill, pids } = supervised();
    for (let strike = 0; strike < strikes; strike++) {
      await engine.start();
      await kill();
    }
    const refused =
      /^The engine ended 3 times in a row\. .*ended by SIGKILL.* Choose "Restart engine" to try again\.$/;
    await expect(engine.start()).rejects.toThrow(refused);
    await expect(engine.methods.providers()).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringMatching(refused),
    });
    expect(pids()).toEqual([]);
    expect(engine.status().state).toBe('failed');
    expect(await engine.restart()).toMatchObject({ state: 'ready', generation: strikes + 1 });
  });

  it('forgives an end after work that was answered', async () => {
    const { engine, kill } = supervised();
    for (let time = 0; time < strikes + 1; time++) {
      await engine.methods.providers();
      await kill();
    }
    await expect(engine.start()).resolves.toMatchObject({ state: 'ready' });
  });

  it('says so when the program that should run it is not there', async () => {
    const wish = process.env.CONSILIENCE_NODE;
    process.env.CONSILIENCE_NODE = '/nowhere/node';
    onTestFinished(() => {
      if (wish === undefined) delete process.env.CONSILIENCE_NODE;
      else process.env.CONSILIENCE_NODE = wish;
    });
    const { engine } = supervised();
    await expect(engine.start()).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining('The engine process could not be started'),
    });
    expect(engine.status().state).toBe('failed');
  });

  it('ends by itself when its parent is killed', async () => {
    const { mark, environment } = processMark();
    const host = join(temporaryFolder(), 'host.mjs');
    const supervisor = pathToFileURL(join(import.meta.dirname, '../../main/engine/supervisor.ts')).href;
    writeFileSync(
      host,
      `import { createEngineService } from ${JSON.stringify(supervisor)};
       const engine = createEngineService();
       await engine.start();
       console.log('ready');
       setInterval(() => engine.methods.inspectModel(${JSON.stringify(model)}), 5);`,
    );
    const parent = spawn(process.execPath, [host], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '', ...environment },
    });
    await new Promise((resolve) => parent.stdout.once('data', resolve));
    expect(engineProcesses({ mark })).toHaveLength(1);
    parent.kill('SIGKILL');
    await until('the engine has ended', () => engineProcesses({ mark }).length === 0, 3000);
  });
});
