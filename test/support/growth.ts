import { expect } from 'vitest';

const SMALLER = 8;
const TRIES = 3;
/** How often a measurement that looks like the square is made again: what is the square looks so each time. */
const AGAIN = 5;

/**
 * Expects that work on something eight times as large costs about eight times the CPU time of this process, not the square: less than
 * 24 times, the best of three tries each. Other programs on the machine make no difference.
 */
export function expectLinear(work: (size: number) => unknown, size: number, what?: string): void {
  const cost = (of: number) => {
    const tries = Array.from({ length: TRIES }, () => {
      const before = process.cpuUsage();
      work(of);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    });
    return Math.min(...tries);
  };
  work(size / SMALLER);
  let growth = Number.POSITIVE_INFINITY;
  for (let measured = 0; measured < AGAIN && growth >= 3 * SMALLER; measured += 1) {
    // Below some milliseconds the clock of the process counts nothing but its own steps.
    const small = Math.max(cost(size / SMALLER), 5_000);
    growth = cost(size) / small;
  }
  expect(growth, what).toBeLessThan(3 * SMALLER);
}
