import { randomBytes } from 'node:crypto';
import { AppError } from '#core/errors.ts';

/**
 * File tokens: the window names a file by a random token that main gave it after a dialog; it never sees or sends
 * a path. Tokens live as long as the process.
 */
export interface TokenStore {
  issue(path: string): string;
  /** Throws `not-found` for a token that was never issued. */
  resolve(token: string): string;
}

export function createTokenStore(): TokenStore {
  const pathOf = new Map<string, string>();
  const tokenOf = new Map<string, string>();
  return {
    issue(path) {
      const known = tokenOf.get(path);
      if (known) return known;
      const token = randomBytes(16).toString('hex');
      pathOf.set(token, path);
      tokenOf.set(path, token);
      return token;
    },
    resolve(token) {
      const path = pathOf.get(token);
      if (path === undefined) {
        throw new AppError('not-found', 'This choice of a file is no longer known. Choose the file again.');
      }
      return path;
    },
  };
}
