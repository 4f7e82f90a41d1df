import { isAppUrl } from './app-origin.ts';

interface Frame {
  url: string;
}

export interface SenderEvent {
  senderFrame: Frame | null;
  sender: { mainFrame: Frame };
}

/**
 * Electron security checklist, item 17: a message counts only when it comes from the main frame of a page in our
 * origin. A frame that is gone by now (null) does not count.
 */
export function isTrustedSender(event: SenderEvent): boolean {
  const { senderFrame } = event;
  return senderFrame !== null && senderFrame === event.sender.mainFrame && isAppUrl(senderFrame.url);
}
