import { arePositionsTokens, type LookMode } from './input-drawing.ts';
import type { UnitLook } from './unit-look.svelte.ts';

/** Why the activation cannot be laid over the inputs of these units; null where it can. */
export function overlayObstacle(looks: readonly UnitLook[]): string | null {
  for (const look of looks) {
    const { geometry, pictures } = look;
    const isText = pictures?.inputs.kind === 'text';
    if (pictures && pictures.inputs.kind !== 'picture' && !isText) return 'These inputs are no pictures.';
    if (geometry && geometry.height * geometry.width === 1)
      return 'The layer has one value an input: there is no map to lay over it.';
    if (isText && geometry && !arePositionsTokens(look))
      return 'The layer has other positions than the tokens: there is no map to lay over them.';
  }
  return null;
}

/** What a person must know to read the pictures. */
export function inputNotes(looks: readonly UnitLook[], mode: LookMode): string[] {
  const notes = new Set<string>();
  for (const look of looks) {
    const { geometry, pictures, maps, fileError } = look;
    const isText = pictures?.inputs.kind === 'text';
    if (isText && arePositionsTokens(look))
      notes.add('Framed: the token that the unit answers most to. The whole text shows on hover.');
    if (!isText && geometry?.field.kind === 'whole' && mode === 'crop')
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
