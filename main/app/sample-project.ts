import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { resourcePath } from './resources.ts';

/** Where the bundled sample networks' recipe lies, and the project file they are run into. */
export interface SampleProject {
  recipePath: string;
  projectPath: string;
  title: string;
  /** Makes the folder of the project file. */
  prepare(): Promise<void>;
}

export function sampleProject(userFolder: string): SampleProject {
  const projectPath = join(userFolder, 'samples', 'digits.consilience');
  return {
    recipePath: resourcePath('samples/digits.yaml'),
    projectPath,
    title: 'Digits, four seeds',
    prepare: async () => void (await mkdir(dirname(projectPath), { recursive: true })),
  };
}
