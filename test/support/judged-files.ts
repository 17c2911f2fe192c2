import { matchesGlob } from 'node:path';

/** Tests after which the judge of docs/judge looks at what they completed: those whose people and rules came by the API. */
const JUDGED = ['test/handlers/**', 'test/judge/**'];

/** Whether what a test file completes is judged. */
export const isJudged = (file: string): boolean => JUDGED.some((pattern) => matchesGlob(file, pattern));
