import type { LookMode } from './input-drawing.ts';
import type { UnitLook } from './unit-look.svelte.ts';

/** Why the activation cannot be laid over the inputs of these units; null where it can. */
export function overlayObstacle(looks: readonly UnitLook[]): string | null {
  for (const { geometry, pictures } of looks) {
    if (pictures && pictures.inputs.kind !== 'picture') return 'These inputs are no pictures.';
    if (geometry && geometry.height * geometry.width === 1)
      return 'The layer has one value an input: there is no map to lay over it.';
  }
  return null;
}

/** What a person must know to read the pictures. */
export function inputNotes(looks: readonly UnitLook[], mode: LookMode): string[] {
  const notes = new Set<string>();
  for (const look of looks) {
    const { geometry, pictures, maps, fileError } = look;
    if (geometry?.field.kind === 'whole' && mode === 'crop')
      notes.add(`Uncut: a unit of this layer sees the whole input (${geometry.field.because}).`);
    if (fileError) {
      const kept = pictures
        ? `Pictures as the project keeps them, ${pictures.inputs.rows} × ${pictures.inputs.cols}.`
        : 'The project keeps no pictures of these inputs.';
      notes.add(`${kept} ${fileError.message}`);
    }
    if (mode === 'overlay' && maps.status === 'error') notes.add(maps.error.message);
    if (mode === 'overlay' && maps.status === 'ready')
      notes.add('Colour: the activation, clear at 0, strongest at the unit’s largest.');
  }
  return [...notes];
}
