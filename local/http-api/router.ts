import type { Route } from '../cloudformation/http-apis.ts';

/** The route a request takes, and the path variables it has there (decoded). */
export interface Match {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Candidate extends Match {
  /** Compared element by element, larger first: specific segments before variables before the greedy variable. */
  readonly rank: readonly number[];
}

/**
 * The most specific route for a method and a decoded path, as API Gateway chooses it: a full match before a greedy one
 * before `$default`, literal segments before variables, the method itself before `ANY`. Undefined when none fits.
 * A trailing slash is a segment of its own, so `/a/` is not `/a`; `{proxy+}` needs at least one character.
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match | undefined {
  let best: Candidate | undefined;
  for (const route of routes) {
    const candidate = candidateOf(route, method, path);
    if (candidate !== undefined && (best === undefined || compare(candidate.rank, best.rank) > 0))
      best = candidate;
  }
  return best === undefined ? undefined : { route: best.route, pathParameters: best.pathParameters };
}

const rank = { literal: 3, variable: 2, greedy: 1, fallback: 0 } as const;

function candidateOf(route: Route, method: string, path: string): Candidate | undefined {
  if (route.key === '$default') return { route, pathParameters: {}, rank: [rank.fallback] };
  const [routeMethod = '', template = ''] = route.key.split(' ');
  if (routeMethod !== 'ANY' && routeMethod !== method) return undefined;
  const wanted = template.split('/').slice(1);
  const given = path.split('/').slice(1);
  const pathParameters: Record<string, string> = {};
  const ranks: number[] = [template.endsWith('+}') ? 1 : 2];
  for (const [index, segment] of wanted.entries()) {
    const value = given[index];
    if (value === undefined) return undefined;
    const variable = /^\{([^}+]+)(\+?)\}$/.exec(segment);
    if (variable === null) {
      if (segment !== value) return undefined;
      ranks.push(rank.literal);
      continue;
    }
    const [, name = '', greedy] = variable;
    pathParameters[name] = greedy === '+' ? given.slice(index).join('/') : value;
    if (pathParameters[name] === '') return undefined;
    ranks.push(greedy === '+' ? rank.greedy : rank.variable);
    if (greedy === '+') return { route, pathParameters, rank: [...ranks, methodRank(routeMethod)] };
  }
  if (given.length !== wanted.length) return undefined;
  return { route, pathParameters, rank: [...ranks, methodRank(routeMethod)] };
}

function methodRank(method: string): number {
  return method === 'ANY' ? 0 : 1;
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
