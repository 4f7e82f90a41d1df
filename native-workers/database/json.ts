import type { Headline } from '#core/domain/result.ts';

/** JSON that keeps numbers JSON has no word for: they are written as the strings NaN, Infinity, -Infinity. */
export function numbersToJson(numbers: Headline): string {
  return JSON.stringify(numbers, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

/** Headlines hold no other texts. */
export function numbersFromJson(text: string): Headline {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' ? Number(value) : value,
  ) as Headline;
}
