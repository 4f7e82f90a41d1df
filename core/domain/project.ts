import type { ResultEntry } from './result.ts';
import type { ProviderUse } from './provider.ts';

export interface ProjectNetwork {
  name: string;
  file: string;
  sha256: string;
  provider: ProviderUse;
}

export interface ProjectLayer {
  name: string;
  tensors: Record<string, string>;
  sample: string;
  /** Units per network. */
  units: Record<string, number>;
  deadUnits: Record<string, number>;
  /** Samples (image x position) of the fold the analyses were fitted on, and of the held-out fold (0 = none). */
  samples: number;
  testSamples: number;
}

/** One recipe that was run into the project. */
export interface ProjectRun {
  id: string;
  title: string;
  createdAt: string;
  recipe: string;
  data: {
    file: string;
    sha256: string;
    images: number;
    /** Samples that could not be read and were left out. */
    skipped?: { name: string; reason: string }[];
    /** The file that says what token ids mean; the project keeps its words. */
    vocabulary?: { file: string; sha256: string };
  };
  networks: ProjectNetwork[];
  layers: ProjectLayer[];
  results: ResultEntry[];
}

export interface ProjectSummary {
  title: string;
  fileName: string;
  schemaVersion: number;
  /** Newest first. */
  runs: ProjectRun[];
}

export interface RecentProject {
  /** Opaque handle; the renderer never sees or sends a path. */
  token: string;
  title: string;
  fileName: string;
  folder: string;
  openedAt: string;
  /** Mean match per layer (a thumbnail of Figure 4); empty when unknown. */
  thumbnail: { layer: string; semiMean: number; matchMean: number }[];
  missing: boolean;
}
