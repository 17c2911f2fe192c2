/** One step is a few table calls. */
export const STEP = { memory: 1024, timeout: 30 } as const;
