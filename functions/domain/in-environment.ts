import type { Environment } from './catalog/environment.ts';
import type { InEnvironment } from './subject.ts';

/** An environment as keys and chains write it: `name`, or `name~incarnation`. No name has that character. */
export function environmentText({ environment, incarnation }: InEnvironment): string {
  return incarnation === undefined ? environment : `${environment}~${incarnation}`;
}

/** Which environment something is in, and nothing else of it. */
export function inEnvironment({ environment, incarnation }: InEnvironment): InEnvironment {
  return incarnation === undefined ? { environment } : { environment, incarnation };
}

/** In which environment that is which is recorded in this one. */
export function within({
  name: environment,
  incarnation,
}: Pick<Environment, 'name' | 'incarnation'>): InEnvironment {
  return incarnation === undefined ? { environment } : { environment, incarnation };
}

/** Whether two things are in one environment, and not in two that had one name. */
export function isSameEnvironment(one: InEnvironment, other: InEnvironment): boolean {
  return one.environment === other.environment && one.incarnation === other.incarnation;
}
