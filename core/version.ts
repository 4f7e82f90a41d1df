/** Version of the software, stored with every result; a test keeps it equal to package.json. */
export const version = '0.1.0';

/** Versions of the jobs' answers: raised when the same inputs would give other numbers, so that old ones are not reused. */
export const kernelVersions = { capture: 1, correlation: 1, matching: 1 } as const;
