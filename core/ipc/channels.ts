/** IPC channel names: one for calls, one for events. Apart from the contract, so that the preload script stays small. */
export const invokeChannel = 'consilience:invoke';
export const eventChannel = 'consilience:event';

/** What main may push to the window; the preload script lets nothing else through. */
export const eventNames = ['job:changed', 'project:changed', 'engine:changed'] as const;
