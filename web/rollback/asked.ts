import { rollBackConfigPromotion } from '../../functions/contract/config-promotions.ts';
import { ask } from '../api/client.ts';
import type { Choice } from './staff.tsx';

/** What is asked for; promotions of every kind are taken back at one address. */
export type Asked = { readonly mode: 'restore' | 'revert'; readonly toRevision?: number };

export function askedFor(choice: Choice): Asked {
  if (choice === 'alone') return { mode: 'revert' };
  return { mode: 'restore', ...(choice === 'before' ? {} : { toRevision: choice }) };
}

/** What a rollback would do; changes nothing. */
export const tryIt = (id: string, asked: Asked) =>
  ask(rollBackConfigPromotion, { at: { id }, query: { dry_run: true }, body: asked });

export const rollBack = (
  id: string,
  { risky, ...asked }: Asked & { readonly reason: string; readonly risky: boolean },
) =>
  ask(rollBackConfigPromotion, {
    at: { id },
    body: { ...asked, execution: 'automatic', ...(risky ? { acknowledgeRisk: true } : {}) },
    once: crypto.randomUUID(),
  });
