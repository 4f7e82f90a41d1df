import { layoutUmap, type NearestRows } from './umap-layout.ts';

/** Lays units out away from the window's own thread. */
export type UmapReport =
  { done: number; total: number } | { places: Float64Array | null } | { failed: string };

self.onmessage = ({ data }: MessageEvent<NearestRows>) => {
  const post = (report: UmapReport) => self.postMessage(report);
  try {
    post({ places: layoutUmap(data, (done, total) => post({ done, total })) });
  } catch (error) {
    post({ failed: error instanceof Error ? error.message : String(error) });
  }
};
