import { AppError, exitStatusOf, toPlainError } from '#core/errors.ts';

/** A file that is wrong, and under which name it is written. */
export interface MalformedFile {
  /** What is wrong with it, for the test's name. */
  what: string;
  fileName: string;
  bytes: Uint8Array;
}

/** What a person sees of a failure: the sentence, and the exit status of the command line. */
export interface Refusal {
  message: string;
  status: 1 | 2;
}

/**
 * Runs what a file is given to. Null: it worked; else the refusal, which must be a plain sentence of ours.
 *
 * @throws Error where the failure is none that a person could use: an error of the program's own, a stack trace,
 *   several lines, no full stop, words of a programming language
 */
export async function refusalOf(work: () => Promise<unknown>): Promise<Refusal | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal')
      throw new Error('The failure is no refusal in words.', { cause: error });
    const { code, message } = toPlainError(error);
    const faults = faultsOf(message);
    if (faults.length > 0) throw new Error(`"${message}" ${faults.join(', ')}.`, { cause: error });
    return { message, status: exitStatusOf(code) };
  }
}

function faultsOf(message: string): string[] {
  const faults: [boolean, string][] = [
    [!/[.!?]$/.test(message), 'does not end as a sentence does'],
    // eslint-disable-next-line no-control-regex -- what is looked for
    [/[\u0000-\u001f\u007f-\u009f]/.test(message), 'has line breaks or control characters'],
    [
      /\bundefined\b|\[object |NaN samples|\bat [\w.]+ \(|TypeError|RangeError|ENOENT/.test(message),
      'speaks of the program',
    ],
    [message.length > 600, 'is longer than anybody reads'],
  ];
  return faults.flatMap(([isFault, what]) => (isFault ? [what] : []));
}
