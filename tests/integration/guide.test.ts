import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { repository } from '../architecture/repository-files.ts';
import { runCommand } from '../fixtures/command-line.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

/** The examples of docs/guide/export-networks.md, run where the packages they name are installed. */
const execute = promisify(execFile);
const python = process.env.CONSILIENCE_PYTHON ?? 'python3';
const guide = readFileSync(join(repository, 'docs/guide/export-networks.md'), 'utf8');

interface Example {
  heading: string;
  needs: string[];
  code: string;
  /** That the example's files are for. */
  recipe: string | null;
}

/** The guide from an example's end to the next example, or heading. */
const partAfter = ({ index, 0: text }: RegExpExecArray) =>
  guide.slice(index + text.length).split(/<!-- run: |^## /m)[0];

const examples = [...guide.matchAll(/<!-- run: (.*?) -->\n+```python\n([^]*?)```/g)].map(
  (match): Example => ({
    heading:
      guide
        .slice(0, match.index)
        .match(/^## (.*)$/gm)
        ?.at(-1)
        ?.slice(3) ?? '',
    needs: match[1].split(' '),
    code: match[2],
    recipe: /<!-- recipe -->\n+```yaml\n([^]*?)```/.exec(partAfter(match))?.[1] ?? null,
  }),
);

/** Why an example cannot run here; null: it can. */
async function obstacle(needs: string[]): Promise<string | null> {
  const check = `
import importlib.util, sys
from importlib.metadata import version
for need in sys.argv[1:]:
    name, _, least = need.partition(">=")
    if importlib.util.find_spec(name) is None: sys.exit(f"{name} is not installed")
    if least and [int(part) for part in version(name).split("+")[0].split(".")[:2]] < [int(part) for part in least.split(".")]:
        sys.exit(f"{name} is older than {least}")`;
  try {
    await execute(python, ['-c', check, ...needs]);
    return null;
  } catch (error) {
    return (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) || 'there is no Python';
  }
}

const obstacles = await Promise.all(examples.map(({ needs }) => obstacle(needs)));

describe('the guide to exporting', () => {
  it('has examples', () => expect(examples.length).toBeGreaterThan(5));

  for (const [index, { heading, code, recipe }] of examples.entries()) {
    const why = obstacles[index];
    const name = `example ${index + 1} (${heading}) leaves what Consilience opens`;
    it.skipIf(why !== null)(why ? `${name} (skipped: ${why})` : name, { timeout: 180_000 }, async () => {
      const folder = temporaryFolder();
      await execute(python, ['-c', code], { cwd: folder, maxBuffer: 2 ** 26 });
      const files = readdirSync(folder);
      const models = files.filter((file) => file.endsWith('.onnx'));
      for (const model of models) {
        const { status, stdout } = await runCommand(['inspect', join(folder, model), '--json']);
        expect(status).toBe(0);
        const { tensors } = JSON.parse(stdout) as { tensors: unknown[] };
        expect(tensors.length).toBeGreaterThan(1);
      }
      if (recipe !== null) {
        writeFileSync(join(folder, 'recipe.yaml'), recipe);
        const project = join(folder, 'guide.consilience');
        const { status, stdout } = await runCommand([
          ...['run', join(folder, 'recipe.yaml'), '--project', project, '--json'],
        ]);
        expect(status).toBe(0);
        expect((JSON.parse(stdout) as { computed: number }).computed).toBeGreaterThan(0);
      }
      expect(models.length + files.filter((file) => file.endsWith('.npz')).length).toBeGreaterThan(0);
    });
  }
});
