/** What of the operating system a part of the project needs, and how to tell that it is there. */
export interface SystemNeed {
  /** Debian package; later names of the same package follow (64-bit time_t renamed some). */
  packages: string[];
  /** A command on PATH or a shared library known to the loader that proves it installed. */
  evidence: { command: string } | { library: string };
}

export interface NeedGroup {
  id: 'screen' | 'electron' | 'chromium' | 'pdf' | 'svg' | 'xml' | 'blas' | 'compiler' | 'slurm';
  /** What cannot run without the group. */
  purpose: string;
  needs: SystemNeed[];
}

const command = (name: string, ...packages: string[]): SystemNeed => ({
  packages,
  evidence: { command: name },
});
const library = (name: string, ...packages: string[]): SystemNeed => ({
  packages,
  evidence: { library: name },
});

export const NEED_GROUPS: NeedGroup[] = [
  {
    id: 'screen',
    purpose: 'tests in the real window on a machine without a screen',
    needs: [command('xvfb-run', 'xvfb'), command('xauth', 'xauth')],
  },
  {
    id: 'electron',
    purpose: 'the window (Electron)',
    needs: [
      library('libgtk-3.so.0', 'libgtk-3-0', 'libgtk-3-0t64'),
      library('libnss3.so', 'libnss3'),
      library('libasound.so.2', 'libasound2', 'libasound2t64'),
      library('libgbm.so.1', 'libgbm1'),
      library('libatk-bridge-2.0.so.0', 'libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'),
      library('libdrm.so.2', 'libdrm2'),
      library('libXss.so.1', 'libxss1'),
      library('libXtst.so.6', 'libxtst6', 'libxtst6t64'),
    ],
  },
  {
    id: 'chromium',
    purpose: 'tests of single components in a browser',
    needs: [command('chromium', 'chromium')],
  },
  {
    id: 'pdf',
    purpose: 'the checks of exported PDF files',
    needs: [command('pdffonts', 'poppler-utils'), command('pdftotext', 'poppler-utils')],
  },
  {
    id: 'svg',
    purpose: 'the comparison of exported SVG with another renderer',
    needs: [command('rsvg-convert', 'librsvg2-bin')],
  },
  {
    id: 'xml',
    purpose: 'the check that exported SVG is well-formed',
    needs: [command('xmllint', 'libxml2-utils')],
  },
  {
    id: 'blas',
    purpose: 'fast linear algebra (without it slower products are used)',
    needs: [library('libopenblas.so.0', 'libopenblas0-pthread')],
  },
  {
    id: 'compiler',
    purpose: 'building the database binding for an older Electron',
    needs: [command('python3', 'python3'), command('make', 'make'), command('g++', 'g++')],
  },
  {
    id: 'slurm',
    purpose: 'the test of job arrays on a Slurm cluster of this one machine',
    needs: [
      command('slurmctld', 'slurmctld'),
      command('slurmd', 'slurmd'),
      command('sbatch', 'slurm-client'),
      command('munged', 'munge'),
    ],
  },
];

/** The groups reduced to what `isThere` denies; complete groups are left out. */
export function missingNeeds(groups: NeedGroup[], isThere: (need: SystemNeed) => boolean): NeedGroup[] {
  return groups
    .map((group) => ({ ...group, needs: group.needs.filter((need) => !isThere(need)) }))
    .filter((group) => group.needs.length > 0);
}

/** For each need the first of its names that the package index has, each name once; else its first name. */
export function packageNames(groups: NeedGroup[], isInIndex: (name: string) => boolean): string[] {
  const names = groups.flatMap((group) =>
    group.needs.map((need) => need.packages.find((name) => isInIndex(name)) ?? need.packages[0]),
  );
  return [...new Set(names)];
}

/** Names with an installation candidate in the output of `apt-cache policy` (run with LC_ALL=C). */
export function namesWithCandidate(policy: string): Set<string> {
  const names = new Set<string>();
  let current = '';
  for (const line of policy.split('\n')) {
    const heading = /^(\S+):$/.exec(line);
    if (heading) current = heading[1];
    const candidate = /^\s+Candidate: (.+)$/.exec(line);
    if (candidate && candidate[1] !== '(none)') names.add(current);
  }
  return names;
}

/** Sonames in the output of `ldconfig -p`. */
export function sonames(ldconfig: string): Set<string> {
  return new Set(ldconfig.split('\n').flatMap((line) => /^\s+(\S+) \(.*=>/.exec(line)?.[1] ?? []));
}
