import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { repository, repositoryFiles } from './repository-files.ts';

const runtimes = ['core', 'native-workers', 'main', 'preload', 'renderer', 'tests'];
const files = repositoryFiles();
const configs = files.filter((file) => /(^|\/)tsconfig(\.\w+)?\.json$/.test(file));

/** The settings in force: those of the file and of all it extends. */
function parsed(file: string): ts.ParsedCommandLine {
  const full = path.join(repository, file);
  const read = ts.readConfigFile(full, (name) => ts.sys.readFile(name));
  return ts.parseJsonConfigFileContent(read.config, ts.sys, path.dirname(full), undefined, full);
}

describe('every tsconfig', () => {
  it('there is one for each runtime', () => {
    expect(configs).toEqual(expect.arrayContaining(runtimes.map((folder) => `${folder}/tsconfig.json`)));
  });

  it.each(configs)('%s is strict, and for Node that strips types', (file) => {
    expect(parsed(file).options).toMatchObject({
      strict: true,
      noFallthroughCasesInSwitch: true,
      noUnusedLocals: true,
      verbatimModuleSyntax: true,
      erasableSyntaxOnly: true,
      noEmit: true,
    });
    const { options } = parsed(file);
    for (const part of [
      'strictNullChecks',
      'noImplicitAny',
      'strictFunctionTypes',
      'strictPropertyInitialization',
    ]) {
      expect(options[part]).not.toBe(false);
    }
  });

  it('core has neither Node nor DOM', () => {
    const { options } = parsed('core/tsconfig.json');
    expect(options.types).toEqual([]);
    expect(options.lib?.filter((name) => /dom|webworker|scripthost/i.test(name))).toEqual([]);
  });

  it('together they cover every TypeScript file', () => {
    const covered = new Set(
      runtimes.flatMap((folder) =>
        parsed(`${folder}/tsconfig.json`).fileNames.map((name) =>
          path.relative(repository, name).replaceAll('\\', '/'),
        ),
      ),
    );
    const all = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.as.ts'));
    expect(all.filter((file) => !covered.has(file))).toEqual([]);
  });
});
