/** IPC channel names: one for calls, one for events. Apart from the contract, so that the preload script stays small. */
export const invokeChannel = 'consilience:invoke';
export const eventChannel = 'consilience:event';
/** Paths of dropped files, from the preload script alone. */
export const dropChannel = 'consilience:drop';

/** What main may push to the window; the preload script lets nothing else through. */
export const eventNames = [
  'job:changed',
  'project:changed',
  'engine:changed',
  'settings:changed',
  'menu:command',
] as const;
