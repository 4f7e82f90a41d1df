import { Option, type Command } from 'commander';
import { providerNames } from '#core/domain/provider.ts';
import type { MergeOptions } from './merge.ts';
import type { ShardCommandOptions } from './shard.ts';
import type { SlurmOptions } from './slurm.ts';
import { wholeNumber } from './whole-number.ts';

const json = () => new Option('--json', 'print one JSON document on standard output and nothing else there');
const provider = () => new Option('--provider <name>', 'where networks run').choices([...providerNames]);

/** The commands that spread a run over many machines. */
export function clusterCommands(consilience: Command): void {
  consilience
    .command('shard <recipe>')
    .description(
      'one part of a recipe\u2019s pass over the data, for a job array; merge puts all parts together',
    )
    .requiredOption('--index <number>', 'which part, from 1', wholeNumber)
    .requiredOption('--of <count>', 'how many parts', wholeNumber)
    .requiredOption('--out <file>', 'file to write; it appears once it is whole')
    .option('--second <file>', 'the second pass, from the file that merge --second wrote')
    .addOption(provider())
    .option('--threads <count>', 'threads for inference', wholeNumber)
    .addOption(json())
    .action(async (recipe: string, options: ShardCommandOptions) => {
      const { shard } = await import('./shard.ts');
      await shard(recipe, options);
    });

  consilience
    .command('merge <files...>')
    .description('puts all shards of a pass together in a project, and runs the recipe\u2019s analyses')
    .requiredOption('--project <file>', 'project file, created or added to')
    .option(
      '--second <file>',
      'where an analysis needs a second pass: write what its shards start from, and leave the analyses to their merge',
    )
    .option('--threads <count>', 'threads for the analyses', wholeNumber)
    .addOption(json())
    .action(async (files: string[], options: MergeOptions) => {
      const { merge } = await import('./merge.ts');
      await merge(files, options);
    });

  consilience
    .command('slurm [recipe]')
    .description(
      'runs a recipe as job arrays on a Slurm cluster: writes the scripts, submits them, follows them',
    )
    .option('--shards <count>', 'tasks of the array', wholeNumber)
    .option('--project <file>', 'project file (default: the recipe name with .consilience)')
    .option('--partition <name>', 'Slurm partition')
    .option('--account <name>', 'Slurm account')
    .option('--time <limit>', 'time limit of a task, as Slurm takes it (2:00:00)')
    .option('--mem <size>', 'memory of a task, as Slurm takes it (16G)')
    .option('--threads <count>', 'processors of a task', wholeNumber)
    .option('--gpus <count>', 'GPUs of a task', wholeNumber)
    .addOption(provider())
    .option('--dry-run', 'write the scripts and submit nothing')
    .option('--no-wait', 'submit and return')
    .option('--follow <folder>', 'follow jobs that were submitted before')
    .option('--cancel <folder>', 'cancel them')
    .addOption(json())
    .action(async (recipe: string | undefined, options: SlurmOptions) => {
      const { slurm } = await import('./slurm.ts');
      await slurm(recipe, options);
    });
}
