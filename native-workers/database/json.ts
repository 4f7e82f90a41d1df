/** JSON that keeps numbers JSON has no word for: they are written as the strings NaN, Infinity, -Infinity. */
export function numbersToJson(numbers: Record<string, number>): string {
  return JSON.stringify(numbers, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

export function numbersFromJson(text: string): Record<string, number> {
  const raw = JSON.parse(text) as Record<string, number | string>;
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, Number(value)]));
}
