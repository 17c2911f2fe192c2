import type { Rule } from '../catalog/rule.ts';
import { canHold } from '../conditions/can-hold.ts';
import type { Condition } from '../conditions/condition.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { atMilliseconds, milliseconds } from '../instant.ts';
import { autoPromotionFacts } from './auto-promotion.ts';

const DURATION = 'deployment.duration_hours';
const HOUR = 60 * 60 * 1_000;

/** Instants judged at a time: a rule may name ten thousand. What lies beyond is judged when the last of these has come. */
const MOST = 100;

/**
 * The earliest instant from `now` on at which a rule's conditions may be met while nothing is said of the deployment; `undefined`: never.
 * Only the time since it went live moves, and only at a number that the conditions compare it with. Evidence counts as unknown: where it
 * decides, the answer is `now`.
 */
export function turnsAt({ conditions }: Rule, deployment: Deployment, now: string): string | undefined {
  if (conditions === null) return now;
  const holdsAt = (at: string) => canHold(conditions, autoPromotionFacts(deployment, at), 'evidence');
  if (holdsAt(now)) return now;
  const since = deployment.resumed_at ?? deployment.live_at;
  if (since === undefined || deployment.status !== 'DEPLOYED') return undefined;
  const start = milliseconds(since);
  const times = new Set(comparedHours(conditions).flatMap((hours) => around(start, hours)));
  const ahead = [...times].filter((time) => time > milliseconds(now)).sort((a, b) => a - b);
  const instants = ahead.slice(0, MOST).flatMap((time) => atMilliseconds(time) ?? []);
  return instants.find(holdsAt) ?? (ahead.length > MOST ? instants.at(-1) : undefined);
}

/** The milliseconds next to a number of hours: hours are compared as fractions, which may round to either side. */
function around(start: number, hours: number): readonly number[] {
  const time = start + Math.floor(hours * HOUR);
  return [time - 1, time, time + 1, time + 2];
}

/** Every number that the time live is compared with, and 0, from which on that time is known. */
function comparedHours(condition: Condition): readonly number[] {
  if ('all' in condition) return condition.all.flatMap(comparedHours);
  if ('any' in condition) return condition.any.flatMap(comparedHours);
  if ('not' in condition) return comparedHours(condition.not);
  if (condition.field !== DURATION) return [];
  return [0, condition.value].flat().filter((value) => typeof value === 'number');
}
