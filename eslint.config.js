// The rules of the repository. The dependency rule is checked a second time, without ESLint, by
// tests/architecture, so that a line that switches a rule off is noticed.
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const runtimes = ['native-workers', 'main', 'preload', 'renderer'];
const product = ['core', ...runtimes];
const tsconfigs = [...product, 'tests'].map((folder) => `${folder}/tsconfig.json`);

/** Packages with one home: what is imported where is the architecture. Reading a package's version is no import. */
const homes = {
  electron: ['main/electron', 'preload'],
  'better-sqlite3': ['native-workers/database'],
  'onnxruntime-node': ['native-workers/capture', 'native-workers/linalg'],
  koffi: ['native-workers/linalg'],
  three: ['renderer/scene3d', 'renderer/plots/heatmap'],
};

/** `core` imports nothing of ours; the others import `core` and themselves; nothing imports tests or scripts. */
const zones = product.map((folder) => ({
  target: `./${folder}`,
  from: [...product, 'tests', 'scripts', 'samples']
    .filter((other) => other !== folder && (other !== 'core' || folder === 'core'))
    .map((other) => `./${other}`),
  message: `${folder} may import only ${folder === 'core' ? 'itself' : 'core and itself'}.`,
}));

const unsafeOff = Object.fromEntries(
  ['argument', 'assignment', 'call', 'member-access', 'return'].map((what) => [
    `@typescript-eslint/no-unsafe-${what}`,
    'off',
  ]),
);

const requiring =
  "[callee.name='require'], [callee.callee.name='createRequire'], [callee.property.name='resolve']";

/** Refuses a module wherever it can be named: import, export from, import() and require(). */
function refuse(restrictions) {
  const reaches = (regex) => `Literal[value=/${regex.replaceAll('/', '\\/')}/]`;
  return {
    'no-restricted-imports': ['error', { patterns: restrictions }],
    'no-restricted-syntax': [
      'error',
      ...restrictions.flatMap(({ regex, message }) => [
        { selector: `ImportExpression > ${reaches(regex)}.source`, message },
        { selector: `CallExpression:matches(${requiring}) > ${reaches(regex)}.arguments`, message },
      ]),
    ],
  };
}

function refusePackages(packages) {
  return packages.map((name) => ({
    regex: `^${name}(/(?!package\\.json$)|$)`,
    message: `${name} may be imported only in ${homes[name].join(' and ')}.`,
  }));
}

/** One block per folder that is home to a package, and one per runtime for what has no home in it. */
function packageRules() {
  const places = [...new Set([...runtimes, ...Object.values(homes).flat()])];
  const ofNode = { regex: '^node:', message: 'The window has no Node: ask main over the typed contract.' };
  return places.map((place) => {
    const foreign = Object.keys(homes).filter((name) => !homes[name].includes(place));
    const restrictions = refusePackages(foreign);
    if (place.startsWith('renderer')) restrictions.push(ofNode);
    return { files: [`${place}/**/*.{ts,svelte}`], rules: refuse(restrictions) };
  });
}

export default defineConfig(
  globalIgnores([
    '**/node_modules/',
    'out/',
    'dist/',
    '.cache/',
    '.vitest/',
    // AssemblyScript: neither TypeScript nor JavaScript, though it looks like the first.
    '**/*.as.ts',
    '**/*.wasm.ts',
  ]),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.{ts,svelte,js,mjs}'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-constant-binary-expression': 'error',
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-control-regex': 'error',
      'no-debugger': 'error',
      'no-duplicate-case': 'error',
      'no-empty': ['error', { allowEmptyCatch: true }],
      'no-fallthrough': 'error',
      'no-loss-of-precision': 'error',
      'no-self-assign': 'error',
      'no-sparse-arrays': 'error',
      'no-unsafe-finally': 'error',
      'no-unsafe-optional-chaining': 'error',
      'no-useless-catch': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'use-isnan': 'error',
      'valid-typeof': 'error',
    },
  },
  {
    files: ['**/*.ts', '**/*.svelte'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: tsconfigs,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Errors cross between processes as plain objects that keep their code.
      '@typescript-eslint/only-throw-error': ['error', { allow: [{ from: 'file', name: 'PlainError' }] }],
      // A function may be async because its contract is; services are closures, whose methods need no `this`.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  svelte.configs['flat/recommended'],
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    rules: {
      // A Set that is built once and read is no state; which warnings to silence is svelte-check's to say.
      'svelte/prefer-svelte-reactivity': 'off',
      'svelte/no-unused-svelte-ignore': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser }, globals: globals.browser },
  },
  {
    // The linter sees other components as `any`; svelte-check types them.
    files: ['**/*.svelte'],
    rules: unsafeOff,
  },
  {
    // Tests read JSON and use expect.any().
    files: ['tests/**/*.ts'],
    rules: unsafeOff,
  },
  {
    // Numbers written with more digits than a float64 holds are what some tests are about.
    files: ['tests/**/*.ts'],
    rules: { 'no-loss-of-precision': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
    // What the compiler checks in TypeScript.
    rules: { 'no-undef': 'error', 'no-unused-vars': 'error' },
  },
  {
    files: ['**/*.{ts,svelte,js,mjs}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.mjs', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [
        createTypeScriptImportResolver({ project: tsconfigs, noWarnOnMultipleProjects: true }),
      ],
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
    },
  },
  {
    files: ['core/**/*.ts'],
    rules: refuse([
      {
        regex: '^(?!\\.|#|zod$)',
        message: 'core is pure TypeScript: no Node, no DOM, and zod its only dependency.',
      },
    ]),
  },
  packageRules(),
  {
    // What a tool or piscina loads by its default export.
    files: ['*.config.{js,ts}', '**/vite.config.ts', 'native-workers/alignment.worker.ts', '**/*.svelte'],
    rules: { 'import-x/no-default-export': 'off' },
  },
);
