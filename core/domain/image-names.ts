/** Endings of files that are read as images; everything else in a folder or archive is listed and left alone. */
const imageEndings = new Set(['jpg', 'jpeg', 'png', 'webp', 'tif', 'tiff', 'bmp']);

/** Of a path inside a folder or archive, its parts joined by `/`. Hidden files (a leading dot) are none of the data. */
export function isImageName(name: string): boolean {
  const parts = name.split('/');
  if (parts.some((part) => part.startsWith('.') || part === '__MACOSX')) return false;
  const file = parts[parts.length - 1];
  const dot = file.lastIndexOf('.');
  return dot > 0 && imageEndings.has(file.slice(dot + 1).toLowerCase());
}

/**
 * The order of an image set, which is its identity: folder by folder by code points, as torchvision's ImageFolder sorts
 * its classes and their files.
 */
export function compareImageNames(one: string, other: string): number {
  const [a, b] = [one.split('/'), other.split('/')];
  for (let part = 0; part < a.length && part < b.length; part++) {
    if (a[part] === b[part]) continue;
    // Files of a folder come before its folders.
    const [isFileA, isFileB] = [part === a.length - 1, part === b.length - 1];
    if (isFileA !== isFileB) return isFileA ? -1 : 1;
    return compareCodePoints(a[part], b[part]);
  }
  return a.length - b.length;
}

function compareCodePoints(one: string, other: string): number {
  const [a, b] = [[...one], [...other]];
  for (let at = 0; at < a.length && at < b.length; at++) {
    const difference = (a[at].codePointAt(0) ?? 0) - (b[at].codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Whether a path is one of an archive of images, by its ending; a .zip may hold arrays too. */
export function archiveKind(path: string): 'zip' | 'tar' | 'packed-tar' | null {
  const name = path.toLowerCase();
  if (name.endsWith('.tar')) return 'tar';
  if (/\.(tar\.(gz|bz2|xz|zst)|tgz|tbz2?|txz)$/.test(name)) return 'packed-tar';
  return name.endsWith('.zip') ? 'zip' : null;
}
