import type { Client } from '#core/ipc/contract.ts';
import type { PageSpec } from '#core/figure/spec.ts';
import type { Result } from '#core/result.ts';
import { checked } from './page-edits.ts';

/** A figure of the gallery with the defaults of its page filled in. */
export interface GalleryEntry {
  name: string;
  label: string;
  page: PageSpec;
}

export async function readGallery(
  client: Client,
  place: { runId: string; a: string; b: string; layer: string },
): Promise<Result<GalleryEntry[]>> {
  const answer = await client.figure.gallery(place);
  if (!answer.ok) return answer;
  const entries = answer.value.flatMap(({ name, label, page }) => {
    const edited = checked(page);
    return edited.ok ? [{ name, label, page: edited.page }] : [];
  });
  return { ok: true, value: entries };
}
