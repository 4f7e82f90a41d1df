/** "12" as 12; undefined when empty, null when it is no whole number above 0. */
export function wholeNumber(text: string): number | null | undefined {
  if (text.trim() === '') return undefined;
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : null;
}
