import { mount } from 'svelte';
import App from '#renderer/app/App.svelte';
import '#renderer/app/styles/index.css';
import { createFakeBackend, failure, makeJob } from '../fake-backend.ts';
import { makeProject } from '../synthetic.ts';

/** `?state=` picks what the fake backend answers: start, empty, project, running, failed. */
const query = new URLSearchParams(location.search);
const state = query.get('state') ?? 'start';
const jobs = {
  running: [makeJob({ notes: ['CUDA was not found, so the CPU is used.'] })],
  failed: [
    makeJob({
      state: 'failed',
      error: failure('engine-failed', 'The engine process ended unexpectedly while reading images.'),
    }),
  ],
}[state];
const projects: Record<string, ReturnType<typeof makeProject> | null> = {
  start: null,
  fresh: null,
  empty: makeProject([]),
};
const bridge = createFakeBackend({
  project: state in projects ? projects[state] : makeProject(),
  recent: state === 'fresh' ? [] : undefined,
  jobs,
  settings: { theme: query.get('theme') === 'dark' ? 'dark' : 'light' },
});
const target = document.getElementById('app');
if (target) mount(App, { target, props: { bridge } });
