import type { Bridge } from '#core/ipc/contract.ts';

declare global {
  interface Window {
    /** Put here by the preload script. */
    consilience?: Bridge;
  }
}

/** The bridge to main. A page opened outside the program has none, and says so in every answer. */
export function findBridge(): Bridge {
  return window.consilience ?? absentBridge;
}

const absence = async () => ({
  ok: false as const,
  error: {
    code: 'not-available' as const,
    message: 'This page is not running inside Consilience. Start the program to open projects.',
    details: {},
  },
});

const absentBridge: Bridge = {
  invoke: absence,
  drop: absence,
  subscribe: () => () => undefined,
};
