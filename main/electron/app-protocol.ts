import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { staticFileFor } from '../app/static-files.ts';
import { appScheme, appSchemePrivileges } from '../security/app-origin.ts';
import { contentSecurityPolicy, securityHeaders } from '../security/content-security-policy.ts';

/** Must run before `ready`. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([appSchemePrivileges]);
}

/** Serves one folder, read only, under our scheme; everything else is answered 404. */
export function serveFolder(session: Session, folder: string): void {
  session.protocol.handle(appScheme, async (request) => {
    const file = request.method === 'GET' ? staticFileFor(request.url, folder) : null;
    const body = file && (await readFile(file.path).catch(() => null));
    if (!file || !body) return notFound();
    return answer(body, file.mimeType, contentSecurityPolicy);
  });
}

function answer(body: ConstructorParameters<typeof Response>[0], mimeType: string, policy: string): Response {
  return new Response(body, { headers: { 'Content-Type': mimeType, ...securityHeaders(policy) } });
}

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: securityHeaders(contentSecurityPolicy) });
}
