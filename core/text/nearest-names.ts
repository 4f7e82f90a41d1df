/**
 * Edit distance (Levenshtein 1966): least number of single-character insertions, deletions and substitutions that
 * turn `a` into `b`. O(|a| |b|) time, O(|b|) memory.
 */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(substitution, previous[j] + 1, current[j - 1] + 1);
    }
    previous = current;
  }
  return previous[b.length];
}

/** The `count` candidates closest to `wanted`, case ignored; names that contain it come first. */
export function nearestNames(wanted: string, candidates: readonly string[], count = 3): string[] {
  const target = wanted.toLowerCase();
  const distance = (name: string): number => {
    const lower = name.toLowerCase();
    const contained = lower.includes(target) || target.includes(lower);
    return editDistance(target, lower) * (contained ? 0.25 : 1);
  };
  return candidates
    .map((name, index) => ({ name, index, distance: distance(name) }))
    .sort((x, y) => x.distance - y.distance || x.index - y.index)
    .slice(0, count)
    .map((entry) => entry.name);
}

/** `a, b or c`. */
export function listInWords(names: readonly string[], conjunction = 'or'): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} ${conjunction} ${names[names.length - 1]}`;
}
