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
  inspect: method<ModelInspection>()(z.strictObject({ token })),
};
