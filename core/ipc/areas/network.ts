import { z } from 'zod';
import { method } from '../define.ts';
import { token } from './project.ts';
import type { ModelInspection } from '../../domain/network.ts';

export interface PickedFile {
  token: string;
  fileName: string;
  bytes: number;
}

export const networkArea = {
  /** Asks for ONNX files; empty when the person cancels. */
  pick: method<{ files: PickedFile[] }>()(z.strictObject({})),
  /** A network of a stored run, read again from its file; refused where the file is gone or no longer the same. */
  ofRun: method<ModelInspection>()(
    z.strictObject({ runId: z.string().min(1).max(100), network: z.string().min(1).max(200) }),
  ),
  inspect: method<ModelInspection>()(z.strictObject({ token })),
};
