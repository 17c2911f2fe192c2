import type { RollbackFacts } from '../../domain/promotion/rollback-impact.ts';

/** What a kind knows of its own going back. */
export type OwnFacts = Pick<RollbackFacts, 'from' | 'to' | 'keys' | 'breaking' | 'consumers'>;
