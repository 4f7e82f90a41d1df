import { extname, join, normalize, sep } from 'node:path';
import { isAppUrl } from '../security/app-origin.ts';

const mimeTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

export interface StaticFile {
  path: string;
  mimeType: string;
}

/**
 * The file a URL of our scheme stands for, or null where it must be refused: another origin, a path that leaves
 * `folder`, a hidden file, or a kind of file that no page of ours asks for.
 */
export function staticFileFor(url: string, folder: string): StaticFile | null {
  if (!isAppUrl(url)) return null;
  const decoded = decodePath(new URL(url).pathname);
  if (decoded === null || decoded.includes('\0') || decoded.includes('\\')) return null;
  const segments = decoded.split('/').filter(Boolean);
  if (segments.some((segment) => segment.startsWith('.'))) return null;
  const root = normalize(folder);
  const path = join(root, ...(segments.length === 0 ? ['index.html'] : segments));
  const mimeType = mimeTypes[extname(path).toLowerCase()];
  return path.startsWith(root.endsWith(sep) ? root : root + sep) && mimeType ? { path, mimeType } : null;
}

function decodePath(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}
