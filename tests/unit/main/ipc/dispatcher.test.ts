import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors.ts';
import { contract, type Handlers } from '#core/ipc/contract.ts';
import { createDispatcher } from '#main/ipc/dispatcher.ts';

interface Call {
  area: string;
  method: string;
  input: unknown;
}

/** Handlers that note their calls; `answer` decides what they do. */
function recording(answer: (call: Call) => unknown = () => 'done') {
  const calls: Call[] = [];
  const logged: unknown[] = [];
  const table = Object.fromEntries(
    Object.entries(contract).map(([area, methods]) => [
      area,
      Object.fromEntries(
        Object.keys(methods).map((method) => [
          method,
          (input: unknown) => {
            calls.push({ area, method, input });
            return answer({ area, method, input });
          },
        ]),
      ),
    ]),
  );
  const dispatch = createDispatcher(table as unknown as Handlers<null>, {
    error: (_message, error) => void logged.push(error),
  });
  return {
    calls,
    logged,
    ask: (area: unknown, method: unknown, input: unknown) => dispatch(area, method, input, null),
  };
}

describe('dispatcher', () => {
  it('hands a valid input to its handler and wraps the answer', async () => {
    const { ask, calls } = recording(() => ({ closed: true }));
    expect(await ask('job', 'cancel', { jobId: 'j1' })).toEqual({ ok: true, value: { closed: true } });
    expect(calls).toEqual([{ area: 'job', method: 'cancel', input: { jobId: 'j1' } }]);
  });

  it.each([
    ['nothing', 'list'],
    ['job', 'nothing'],
    ['__proto__', 'toString'],
    ['constructor', 'name'],
    ['job', 'constructor'],
    ['job', '__proto__'],
    [undefined, null],
    [['job'], 'list'],
  ])('refuses the unknown %s.%s', async (area, method) => {
    const { ask, calls } = recording();
    expect(await ask(area, method, {})).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(calls).toEqual([]);
  });

  it('refuses input that the schema refuses, naming the field', async () => {
    const { ask, calls } = recording();
    const answer = await ask('result', 'tile', { resultId: 'r', array: 'a', level: -1, row: 0, col: 0 });
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-request', details: { path: ['level'] } } });
    expect(JSON.stringify(answer)).toContain('level');
    expect(calls).toEqual([]);
  });

  it('refuses unknown keys in every method of the contract', async () => {
    const { ask, calls } = recording();
    for (const [area, methods] of Object.entries(contract)) {
      for (const method of Object.keys(methods)) {
        const answer = await ask(area, method, { surprise: 1 });
        expect(answer, `${area}.${method}`).toMatchObject({ ok: false, error: { code: 'bad-request' } });
      }
    }
    expect(calls).toEqual([]);
  });

  it('refuses input beyond the size limit before any schema sees it', async () => {
    const { ask } = recording();
    const answer = await ask('job', 'cancel', { jobId: 'x'.repeat(2 * 1024 * 1024) });
    expect(answer).toMatchObject({ ok: false, error: { message: expect.stringContaining('larger than') } });
  });

  it('takes a picture beyond the usual limit, but only a PNG and only up to its own', async () => {
    const { ask, calls } = recording();
    const start = 'iVBORw0KGgo';
    const png = start + 'A'.repeat(3 * 1024 * 1024);
    expect(await ask('figure', 'savePicture', { name: 'space', png })).toMatchObject({ ok: true });
    const refused = { ok: false, error: { code: 'bad-request' } };
    expect(await ask('figure', 'savePicture', { name: 'space', png: `${start}<svg>` })).toMatchObject(
      refused,
    );
    expect(await ask('figure', 'savePicture', { name: 'space', png: 'AAAA' })).toMatchObject(refused);
    const huge = { name: 'space', png: start + 'A'.repeat(65 * 1024 * 1024) };
    expect(await ask('figure', 'savePicture', huge)).toMatchObject(refused);
    expect(calls).toHaveLength(1);
  });

  it('passes on an AppError as it is', async () => {
    const { ask, logged } = recording(() => {
      throw new AppError('bad-model', 'net.onnx is damaged. Export it again.', { file: 'net.onnx' });
    });
    expect(await ask('job', 'list', {})).toEqual({
      ok: false,
      error: {
        code: 'bad-model',
        message: 'net.onnx is damaged. Export it again.',
        details: { file: 'net.onnx' },
      },
    });
    expect(logged).toEqual([]);
  });

  it('logs any other error and keeps its text from the window', async () => {
    const bug = new TypeError('secret path /home/x');
    const { ask, logged } = recording(() => Promise.reject(bug));
    const answer = await ask('job', 'list', {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(logged).toEqual([bug]);
  });
});
