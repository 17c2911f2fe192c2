import * as z from 'zod/mini';
import type { Site } from '../http/cookies.ts';

const PublicUrl = z.url().check(z.regex(/[^/]$/));

/** Where people reach the pages. Throws when the function was not told. */
export function wireSite(variables: NodeJS.ProcessEnv = process.env): Site {
  return { url: z.parse(PublicUrl, variables['PUBLIC_URL']) };
}
