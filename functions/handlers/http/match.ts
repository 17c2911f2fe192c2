import type { Endpoint } from '../../contract/endpoint.ts';
import { isId } from '../../domain/ids.ts';

export type Parameters = { readonly [name: string]: string };

/** What a path and a method came to: the route and its parameters, or why there is none. */
export type Match<R> =
  | { readonly found: 'route'; readonly route: R; readonly parameters: Parameters }
  | { readonly found: 'methods'; readonly allow: readonly string[] }
  | { readonly found: 'nothing' };

/** Makes a matcher: the most specific pattern wins, a fixed segment before a parameter, a parameter before `{rest+}`. */
export function matcher<R extends { readonly endpoint: Endpoint }>(
  routes: readonly R[],
): (method: string, segments: readonly string[]) => Match<R> {
  const patterns = routes
    .map((route) => {
      const pattern = route.endpoint.path.split('/').filter((part) => part !== '');
      return { route, pattern, rank: rankOf(pattern) };
    })
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return (method, segments) => {
    const fitting = patterns.flatMap(({ route, pattern, rank }) => {
      const parameters = parametersOf(pattern, segments);
      return parameters === undefined ? [] : [{ route, parameters, rank }];
    });
    const best = fitting.filter((one) => one.rank === fitting[0]?.rank);
    const hit = best.find((one) => one.route.endpoint.method === method);
    if (hit !== undefined) return { found: 'route', route: hit.route, parameters: hit.parameters };
    if (best.length === 0) return { found: 'nothing' };
    return { found: 'methods', allow: best.map((one) => one.route.endpoint.method) };
  };
}

/** What stands behind a `{rest+}` ranks like the rest: a rest may end with that very word, and the method tells. */
const rankOf = (pattern: readonly string[]): string =>
  pattern
    .slice(0, pattern.findIndex(isRest) + 1 || pattern.length)
    .map((part) => (isRest(part) ? '2' : part.startsWith('{') ? '1' : '0'))
    .join('');

const isRest = (part: string): boolean => part.endsWith('+}');

function parametersOf(pattern: readonly string[], segments: readonly string[]): Parameters | undefined {
  const parameters: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at];
    if (segment === undefined || segment === '') return undefined;
    if (isRest(part)) {
      const behind = pattern.slice(at + 1);
      const end = segments.length - behind.length;
      if (end <= at || behind.some((fixed, index) => fixed !== segments[end + index])) return undefined;
      parameters[part.slice(1, -2)] = segments.slice(at, end).join('/');
      return parameters;
    }
    if (part.startsWith('{')) {
      // What cannot be an id names nothing, and must never become part of a key. A scope is an environment, or `*` for all.
      if (!isId(segment) && !(part === '{scope}' && segment === '*')) return undefined;
      parameters[part.slice(1, -1)] = segment;
    } else if (part !== segment) return undefined;
  }
  return pattern.length === segments.length ? parameters : undefined;
}
