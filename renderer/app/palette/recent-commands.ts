const key = 'consilience.recent-commands';
const most = 6;

/** What was chosen last in the palette, newest first. */
export function recentCommands(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string').slice(0, most) : [];
  } catch {
    return [];
  }
}

export function rememberCommand(id: string): void {
  const ids = [id, ...recentCommands().filter((known) => known !== id)].slice(0, most);
  localStorage.setItem(key, JSON.stringify(ids));
}
