import type { ValidationCheck, ValidationReport } from '#core/domain/validation.ts';
import type { JobInfo } from '#core/domain/job.ts';
import type { RecentProject } from '#core/domain/project.ts';
import type { Provenance } from '#core/domain/result.ts';
import { layerPlans } from './synthetic.ts';

/** What the fake backend tells of jobs, projects, where results come from, and its own check. */

export const provenance: Provenance = {
  software: { consilience: '0.1.0', node: '24.21.0', onnxruntime: '1.30.0' },
  models: { a: '', b: '' },
  data: '',
  order: '',
  tensors: { a: '', b: '' },
  provider: { a: { asked: 'auto', used: 'cpu' }, b: { asked: 'auto', used: 'cpu' } },
  linearAlgebra: 'OpenBLAS 0.3.21',
  seed: 0,
};

export const validationReport: ValidationReport = {
  version: '0.1.0',
  backEnds: ['OpenBLAS 0.3.21', 'plain TypeScript'],
  passed: 1,
  failed: 1,
  notOffered: 1,
  elapsedMs: 120,
  checks: [
    checkOf('Linear CKA', 'linearCka', 0.5576132566, 'pass'),
    checkOf('Match, pairs', 'match', [2, 0, 1], 'fail'),
    {
      ...checkOf('Greedy matching', 'other', 0.4, 'not offered'),
      value: null,
      difference: null,
      tolerance: null,
      reason: 'The match here is always the optimal one.',
      answers: [],
    },
  ],
};

function checkOf(
  quantity: string,
  method: ValidationCheck['method'],
  value: number | number[],
  verdict: ValidationCheck['verdict'],
): ValidationCheck {
  const difference = verdict === 'fail' ? 1 : 2.2e-16;
  return {
    ...{ id: `oracle.json/${quantity}`, oracle: 'oracle.json', quantity, method, value, expected: value },
    ...{ difference, tolerance: verdict === 'fail' ? 0 : 1e-11, verdict },
    reason: 'Only rounding may differ.',
    source: 'numpy',
    answers: ['OpenBLAS 0.3.21', 'plain TypeScript'].map((backEnd) => ({
      ...{ backEnd, value, difference },
      verdict: verdict === 'fail' ? 'fail' : 'pass',
    })),
  };
}

const bars = layerPlans.map(({ name }, at) => ({
  layer: name,
  semiMean: 0.9 - 0.14 * at,
  matchMean: 0.86 - 0.16 * at,
}));
export const recentProjects: RecentProject[] = [
  {
    token: 'recent-0001',
    title: 'Digits, four seeds',
    fileName: 'digits.consilience',
    folder: '~/Consilience',
    openedAt: '2026-11-23T20:15:00.000Z',
    thumbnail: bars,
    missing: false,
  },
  {
    token: 'recent-0002',
    title: 'Width: 64 against 96 units',
    fileName: 'width.consilience',
    folder: '~/experiments/2026',
    openedAt: '2026-11-20T09:02:00.000Z',
    thumbnail: bars.slice(0, 3).map((bar) => ({ ...bar, matchMean: bar.matchMean - 0.2 })),
    missing: false,
  },
  {
    token: 'recent-0003',
    title: 'CaffeNet, ten seeds',
    fileName: 'caffenet.consilience',
    folder: '/media/disk/caffenet',
    openedAt: '2026-11-02T16:44:00.000Z',
    thumbnail: [],
    missing: true,
  },
];

export function makeJob(part: Partial<JobInfo> = {}): JobInfo {
  return {
    id: 'job-1',
    title: 'Digits, four seeds',
    state: 'running',
    progress: { stage: 'capturing', done: 1200, total: 2000, unit: 'images', rate: 856, secondsLeft: 3 },
    notes: [],
    log: [],
    pausedMs: 0,
    createdAt: '2026-11-23T20:15:00.000Z',
    canRetry: true,
    ...part,
  };
}
