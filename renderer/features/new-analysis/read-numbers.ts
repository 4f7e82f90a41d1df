/** ".5" as .5; undefined when empty, null when it is no number above 0. */
export function positiveNumber(text: string): number | null | undefined {
  if (text.trim() === '') return undefined;
  const number = Number(text);
  return Number.isFinite(number) && number > 0 ? number : null;
}

/** "12" as 12; undefined when empty, null when it is no whole number above 0. */
export function wholeNumber(text: string): number | null | undefined {
  const number = positiveNumber(text);
  return number && !Number.isInteger(number) ? null : number;
}
