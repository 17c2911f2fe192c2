import { durationMilliseconds } from '../instant.ts';

const DAY = durationMilliseconds('P1D') ?? 0;
/** Revisions younger than this are kept with all they hold, and the newest ones of each environment whatever their age. */
const RETENTION = durationMilliseconds('P90D') ?? 0;
const NEWEST = 100;
/** What separates a rollback that begins from a sweep that has begun: both look at the same revisions, not at the same moment. */
const MARGIN = { milliseconds: DAY, revisions: 10 };

/** A revision by its place among its environment's, the newest being 0, and its age in milliseconds. */
export type Standing = { readonly newer: number; readonly age: number };

/** Whether what a revision holds is kept. */
export function isRetained({ newer, age }: Standing): boolean {
  return newer < NEWEST || age <= RETENTION;
}

/** Whether something may still be begun that needs what a revision holds. */
export function isSurelyRetained({ newer, age }: Standing): boolean {
  return isRetained({ newer: newer + MARGIN.revisions, age: age + MARGIN.milliseconds });
}
