import { expect } from 'vitest';

const SMALLER = 8;
const TRIES = 3;

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
  // Below some milliseconds the clock of the process counts nothing but its own steps.
  const small = Math.max(cost(size / SMALLER), 5_000);
  expect(cost(size) / small, what).toBeLessThan(3 * SMALLER);
}
