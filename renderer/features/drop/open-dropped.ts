import type { DroppedFiles } from '#core/ipc/areas/window.ts';
import type { Session } from '../../app/session.svelte.ts';
import { sayDone, sayFailed } from '../../ui/notice.ts';

const arrayFile = /\.(npy|npz|h5|hdf5|safetensors|parquet)$/i;

/**
 * Opens dropped files where they belong: a project here (further ones are named), a recipe, models and data in New
 * analysis. What was refused is said.
 */
export async function openDropped(session: Session, files: DroppedFiles): Promise<void> {
  const { models, data, projects, recipes, refused } = files;
  const left: string[] = [...refused];
  if (projects.length > 0) {
    await session.openDroppedProject(projects[0].token);
    if (projects.length > 1) left.push('One project is opened at a time; drop the others one by one.');
  } else if (recipes.length > 0) {
    await fillFromRecipe(session, recipes[0].token);
    if (recipes.length > 1) left.push('One recipe is opened at a time; drop the others one by one.');
  }
  if (models.length > 0 || data.length > 0) {
    session.newAnalysis();
    // Data is one file: several of arrays without a model are networks whose activations were saved.
    const areNetworks =
      models.length === 0 && data.length > 1 && data.every(({ fileName }) => arrayFile.test(fileName));
    await Promise.all([
      session.form.takeNetworks(areNetworks ? data : models),
      data.length > 0 && !areNetworks ? session.form.takeData(data[0]) : Promise.resolve(),
    ]);
    if (data.length > 1 && !areNetworks)
      left.push(`All networks see one data file: ${data[0].fileName} was taken.`);
  }
  if (left.length > 0) sayFailed(left.join(' '));
}

async function fillFromRecipe(session: Session, token: string): Promise<void> {
  const inputs = await session.client.analysis.inputsOfRecipe({ token });
  if (!inputs.ok) {
    sayFailed(inputs.error.message);
    return;
  }
  session.newAnalysis();
  await session.form.adopt(inputs.value);
  sayDone('The form is filled in from the recipe.');
}
