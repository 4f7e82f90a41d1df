/**
 * Electron security checklist, item 7: a Content-Security-Policy that names every exception.
 * Inline styles are needed by positioned popovers and split panes, which set `style` attributes; inline scripts,
 * `eval`, frames, forms and plugins are not allowed.
 */
const directives: Record<string, string> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self' blob:",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

export const contentSecurityPolicy = serialize(directives);

/** For the report, a file that is opened from anywhere: what is inside it, nothing from outside, no scripts. */
export const reportContentSecurityPolicy = serialize({
  'default-src': "'none'",
  'style-src': "'unsafe-inline'",
  'img-src': 'data:',
  'font-src': 'data:',
});

/** Headers every answer of our scheme carries. */
export function securityHeaders(policy: string): Record<string, string> {
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
}

function serialize(table: Record<string, string>): string {
  return Object.entries(table)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}
