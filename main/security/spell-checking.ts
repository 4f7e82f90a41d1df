interface SpellCheckingSession {
  setSpellCheckerLanguages(languages: string[]): void;
  setSpellCheckerEnabled(enabled: boolean): void;
}

/**
 * Item 1 again: Chromium downloads a dictionary for every language that a session checks, even when no page does.
 * Switching checking off alone comes too late; without a language there is nothing to download.
 */
export function disableSpellChecking(session: SpellCheckingSession): void {
  session.setSpellCheckerLanguages([]);
  session.setSpellCheckerEnabled(false);
}
