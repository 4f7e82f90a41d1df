import { toast } from 'svelte-sonner';

/** One notice at a time: a newer one takes the place of the one before. */
const id = 'notice';
const secondsToRead = 6;
/** An error waits longer: it has to be read, not only seen. */
const secondsToReadError = 14;

/** Says that something was done, with where or how on a second line. */
export function sayDone(sentence: string, description?: string): void {
  toast.success(sentence, { id, description, duration: secondsToRead * 1000 });
}

/** Says why nothing happened. */
export function sayPlain(sentence: string): void {
  toast(sentence, { id, duration: secondsToRead * 1000 });
}

/** Says what went wrong where no pane can say it. */
export function sayFailed(sentence: string, description?: string): void {
  toast.error(sentence, { id, description, duration: secondsToReadError * 1000 });
}

/** Puts the notice away; false when there was none. */
export function putNoticeAway(): boolean {
  const isShown = toast.getActiveToasts().length > 0;
  toast.dismiss();
  return isShown;
}
