import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { exitStatusOf, toPlainError } from '#core/errors.ts';
import { presetNames } from '#core/figure/presets.ts';
import { providerNames, type ProviderName } from '#core/domain/provider.ts';
import { version } from '#core/version.ts';
import { clusterCommands } from './cluster-commands.ts';
import type { ExportOptions } from './export-project.ts';
import { wholeNumber } from './whole-number.ts';

/** Analyses of networks from the command line. Returns the exit status: 0 done, 1 the work failed, 2 the request was wrong. */
export async function runCommandLine(args: string[]): Promise<number> {
  const isVerbose = args.includes('--verbose');
  let status = 0;
  try {
    await program((code) => (status = code)).parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const plain = toPlainError(error);
    if (plain.code === 'internal')
      console.error('Consilience met an error of its own; --verbose shows where.');
    console.error(plain.message);
    if (isVerbose && error instanceof Error) console.error(error.stack, error.cause ?? '');
    return plain.code === 'cancelled' ? 130 : exitStatusOf(plain.code);
  }
}

const json = () => new Option('--json', 'print one JSON document on standard output and nothing else there');

function program(setStatus: (status: number) => void): Command {
  const consilience = new Command('consilience')
    .description('Did these independently trained networks learn the same representations?')
    .version(version)
    .option('--verbose', 'add the stack trace to an error')
    .exitOverride()
    .showHelpAfterError('(consilience --help lists the commands)')
    .enablePositionalOptions(false);

  consilience
    .command('inspect <file>')
    .description(
      'inputs, producer, opset and every capturable tensor of an ONNX model; the arrays of a data file',
    )
    .addOption(json())
    .action(async (file: string, options: { json?: true }) => {
      const { inspect } = await import('./inspect.ts');
      await inspect(file, options);
    });

  consilience
    .command('run <recipe>')
    .description('run a recipe into a project file; what is stored already is reused')
    .option(
      '--project <file>',
      'project file, created or added to (default: the recipe name with .consilience)',
    )
    .addOption(new Option('--provider <name>', 'where networks run').choices([...providerNames]))
    .option('--threads <count>', 'threads for inference and alignment', wholeNumber)
    .addOption(json())
    .action(
      async (
        recipe: string,
        options: { project?: string; provider?: ProviderName; threads?: number; json?: true },
      ) => {
        const { run } = await import('./run.ts');
        await run(recipe, options);
      },
    );

  consilience
    .command('estimate <recipe>')
    .description('time, memory and disk of a run, before it is started, from a short measurement')
    .addOption(json())
    .action(async (recipe: string, options: { json?: true }) => {
      const { estimate } = await import('./estimate.ts');
      await estimate(recipe, options);
    });

  consilience
    .command('results <project>')
    .description('one entry per stored result')
    .addOption(json())
    .action(async (project: string, options: { json?: true }) => {
      const { results } = await import('./results.ts');
      await results(project, options);
    });

  consilience
    .command('export <project>')
    .description('arrays, tables and figures; every figure with the data behind it and a caption')
    .requiredOption('--out <folder>', 'folder to write into; made if it does not exist')
    .option('--result <id...>', 'results to export (default: all); the first characters are enough')
    .option('--figure <spec.json>', 'draw one figure from its spec, the same bytes every time')
    .option('--saved', 'the figures that were saved in the project, as the window exports them')
    .option('--figure-name <name>', 'one of the saved figures, by its name')
    .option('--gallery', 'every figure of the paper for one pair and layer, instead of one for every result')
    .option('--a <network>', 'first network of the gallery (default: of the first pair)')
    .option('--b <network>', 'second network of the gallery')
    .option('--layer <name>', 'layer of the gallery (default: one in the middle)')
    .option(
      '--format <list>',
      'npy, npz, csv, json, safetensors, hdf5, mat, svg, png, pdf, separated by commas',
      formatList,
      ['npy', 'csv', 'json', 'svg', 'png'],
    )
    .addOption(
      new Option('--preset <name>', 'size and type of figures')
        .choices([...presetNames])
        .default('nature-double'),
    )
    .option('--dpi <number>', 'resolution of PNG figures', wholeNumber, 300)
    .action(async (project: string, options: Omit<ExportOptions, 'isFormatGiven'>, command: Command) => {
      const { exportProject } = await import('./export-project.ts');
      const isFormatGiven = command.getOptionValueSource('format') === 'cli';
      await exportProject(project, { ...options, isFormatGiven });
    });

  consilience
    .command('report <project>')
    .description('one self-contained page: methods, findings, figures, tables, provenance')
    .requiredOption('--out <file>', 'HTML file to write')
    .option('--a <network>', 'first network of the figures about a pair (default: of the first pair)')
    .option('--b <network>', 'second network of those figures')
    .option('--layer <name>', 'layer of the figures about one layer (default: one in the middle)')
    .action(async (project: string, options: { out: string; a?: string; b?: string; layer?: string }) => {
      const { report } = await import('./report.ts');
      await report(project, options);
    });

  consilience
    .command('validate')
    .description('recompute published numbers: value, expected, tolerance, verdict; status 1 when one fails')
    .addOption(json())
    .action(async (options: { json?: true }) => {
      const { validate } = await import('./validate.ts');
      setStatus(await validate(options));
    });

  consilience
    .command('doctor')
    .description('what this machine has: Node, providers, BLAS, memory, Electron; what is missing, in words')
    .addOption(json())
    .action(async (options: { json?: true }) => {
      const { doctor } = await import('./doctor.ts');
      setStatus(await doctor(options));
    });

  clusterCommands(consilience);
  return consilience;
}

const formats = ['npy', 'npz', 'csv', 'json', 'safetensors', 'hdf5', 'mat', 'svg', 'png', 'pdf'];

function formatList(text: string): string[] {
  const list = text.split(',').map((format) => format.trim());
  for (const format of list) {
    if (!formats.includes(format))
      throw new InvalidArgumentError(`"${format}" is no format; use ${formats.join(', ')}.`);
  }
  return list;
}
