import type { Observation } from '../domain/deployment/observation.ts';
import type { InEnvironment, Slot } from '../domain/subject.ts';
import type { Page, PageRequest } from './page.ts';

/** What machines last saw run: one item for each slot, gone 30 days after the last report. */
export interface Observations {
  /** Strongly consistent. */
  read(tenant: string, slot: Slot): Promise<Observation | undefined>;
  /** Compare-and-swap: writes it unless the one there is of another version than `expected` (0: none); returns whether it did. */
  put(tenant: string, observation: Observation, expected: number): Promise<boolean>;
  /** In the order of their subjects; a moment late. */
  inEnvironment(tenant: string, environment: InEnvironment, page: PageRequest): Promise<Page<Observation>>;
}

/** Days for which the last report on a slot is stored. */
export const OBSERVED_DAYS = 30;
