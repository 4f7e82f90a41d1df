import { join } from 'node:path';
import { resourcePath } from './resources.ts';

/** Where the bundled sample networks' recipe lies, and the project file they are run into. */
export interface SampleProject {
  recipePath: string;
  projectPath: string;
  title: string;
}

export function sampleProject(userFolder: string): SampleProject {
  return {
    recipePath: resourcePath('samples/digits.yaml'),
    projectPath: join(userFolder, 'samples', 'digits.consilience'),
    title: 'Digits, four seeds',
  };
}
