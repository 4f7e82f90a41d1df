/**
 * How well a query names a text: its letters in order, more for the starts of words and for runs. Null where a letter
 * is missing. White space between the words of a query only separates them.
 */
export function fuzzyScore(query: string, text: string): number | null {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const target = text.toLowerCase();
  let total = 0;
  for (const word of words) {
    const score = wordScore(word, target);
    if (score === null) return null;
    total += score;
  }
  return total - target.length / 1000;
}

function wordScore(word: string, target: string): number | null {
  const whole = target.indexOf(word);
  if (whole >= 0) return word.length * 3 + (isStart(target, whole) ? word.length * 2 : 0);
  let at = -1;
  let score = 0;
  for (const letter of word) {
    const next = target.indexOf(letter, at + 1);
    if (next < 0) return null;
    score += 1 + (next === at + 1 ? 1 : 0) + (isStart(target, next) ? 1 : 0);
    at = next;
  }
  // Letters that are strewn over the whole text name something else.
  return score >= word.length * 1.5 ? score : null;
}

function isStart(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1));
}
