import { listChanges, listDenials, searchAudit } from '../../functions/contract/audit.ts';
import { ask } from '../api/client.ts';
import type { Outcome } from '../api/problem.ts';
import type { IconName } from '../parts/icon-name.ts';
import { plain, subjectName, type Tone } from '../words/status.ts';

/** One thing that was recorded, as the list shows it. */
export type Entry = {
  readonly key: string;
  readonly at: string;
  readonly icon: IconName;
  readonly tone: Tone;
  readonly who: string;
  readonly did: string;
  readonly about: string;
  readonly promotion?: string;
  /** What stands beside it, as names and values. */
  readonly facts: readonly (readonly [string, string])[];
};

export type Entries = { readonly items: readonly Entry[]; readonly next: string | null };

/** What can be looked at. */
export const VIEWS = {
  promotions: 'Promotions',
  changes: 'Rules, locks and roles',
  denials: 'Denials',
} as const;
export type View = keyof typeof VIEWS;

const RESULT: { readonly [result: string]: { readonly icon: IconName; readonly tone: Tone } } = {
  SUCCESS: { icon: 'completed', tone: 'ok' },
  FAILED: { icon: 'failed', tone: 'stop' },
  REJECTED: { icon: 'rejected', tone: 'stop' },
  CANCELLED: { icon: 'cancelled', tone: 'off' },
  ROLLED_BACK: { icon: 'rolled_back', tone: 'off' },
  IN_PROGRESS: { icon: 'pending', tone: 'wait' },
};

/** A page of what was recorded, newest first. */
export async function readEntries(
  view: View,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Outcome<Entries>> {
  const query = { limit: 30, ...(cursor === undefined ? {} : { cursor }) };
  switch (view) {
    case 'promotions':
      return promotions(query, signal);
    case 'changes':
      return changes(query, signal);
    case 'denials':
      return denials(query, signal);
    default:
      return view satisfies never;
  }
}

type Query = { readonly limit: number; readonly cursor?: string };

async function promotions(query: Query, signal: AbortSignal): Promise<Outcome<Entries>> {
  const found = await ask(searchAudit, { query, signal });
  if (!found.ok) return found;
  const items = found.value.items.map(
    (record): Entry => ({
      key: record.promotion_id,
      at: record.timestamp,
      ...(RESULT[record.result] ?? { icon: 'next', tone: 'off' }),
      who: record.requested_by,
      did: `asked to move ${subjectName(record.artifact)}: ${plain(record.result.toLowerCase())}`,
      about: `${record.source_env} to ${record.target_env}`,
      promotion: record.promotion_id,
      facts: [
        ['Promotion', record.promotion_id],
        ['Requested by', record.requested_by],
        ['Promoted by', record.promoted_by],
        [
          'Approvers',
          record.approval.approvers.join(', ') || (record.approval.required ? 'none yet' : 'not required'),
        ],
        ['Content', record.artifact.digest],
        ['Decision', record.decision_digest],
        ['Chain', `${record.length} events, ${record.chain}`],
      ],
    }),
  );
  return { ok: true, value: { items, next: found.value.next_cursor } };
}

async function changes(query: Query, signal: AbortSignal): Promise<Outcome<Entries>> {
  const found = await ask(listChanges, { query, signal });
  if (!found.ok) return found;
  const items = found.value.items.map(
    ({ seq, at, actor, action, target, reason, weakens, chain }): Entry => ({
      key: `change ${seq}`,
      at,
      icon: /lock/.test(action) ? 'lock' : 'edit',
      tone: weakens.length > 0 ? 'wait' : 'off',
      who: actor.email === '' ? actor.subject : actor.email,
      did: plain(action),
      about: `${plain(target.type)} ${target.id}`,
      facts: [
        ['Reason', reason ?? 'none given'],
        [
          'Weakens',
          weakens.map(({ what, environment }) => `${plain(what)} in ${environment}`).join(', ') || 'nothing',
        ],
        ['Entry', `${seq}, ${chain}`],
      ],
    }),
  );
  return { ok: true, value: { items, next: found.value.next_cursor } };
}

async function denials(query: Query, signal: AbortSignal): Promise<Outcome<Entries>> {
  const found = await ask(listDenials, { query, signal });
  if (!found.ok) return found;
  const items = found.value.items.map(
    ({ at, actor, code, action, promotion_id }, index): Entry => ({
      key: `${at} ${index}`,
      at,
      icon: 'no',
      tone: 'stop',
      who: actor.email === '' ? actor.subject : actor.email,
      did: `was refused: ${plain(action)}`,
      about: plain(code),
      ...(promotion_id === null ? {} : { promotion: promotion_id }),
      facts: [['Reason', plain(code)]],
    }),
  );
  return { ok: true, value: { items, next: found.value.next_cursor } };
}
