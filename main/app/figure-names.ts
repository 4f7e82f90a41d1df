/** Names that Windows keeps for devices, whatever their ending. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
/** Leaves room for `.figure.json` and the name of a table within 255 bytes. */
const longestStem = 60;

/** A name as part of a file name: letters and numbers of any script, no separators, no hidden files. */
export function fileStem(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_')
    .replace(/^[._]+|[._]+$/g, '');
  const short = [...plain].slice(0, longestStem).join('');
  if (short === '') return 'figure';
  return deviceName.test(short) ? `${short}_` : short;
}

/** One stem a name, no two alike even where case does not count, and none for which `isTaken` holds. */
export function distinctStems(
  names: readonly string[],
  isTaken: (stem: string) => boolean = () => false,
): string[] {
  const given = new Set<string>();
  return names.map((name) => {
    const stem = fileStem(name);
    let candidate = stem;
    for (let n = 2; given.has(candidate.toLowerCase()) || isTaken(candidate); n++) candidate = `${stem}-${n}`;
    given.add(candidate.toLowerCase());
    return candidate;
  });
}

/**
 * Whether a folder holds files of this stem that no export of a figure left there: they would be overwritten unasked.
 * Files of an earlier export have a spec among them, and are replaced.
 */
export function takenStems(files: readonly string[]): (stem: string) => boolean {
  const names = files.map((file) => file.toLowerCase());
  return (stem) => {
    const start = `${stem.toLowerCase()}.`;
    return names.some((name) => name.startsWith(start)) && !names.includes(`${start}figure.json`);
  };
}
