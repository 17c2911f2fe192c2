import * as z from 'zod/mini';
import { DigestText, EnvironmentName, Instant, RevisionNumber, Text } from '../domain/fields.ts';
import { CONFIG_SELECTIONS, STATUSES } from '../domain/promotion/state.ts';
import { camelView } from './camel-view.ts';
import { CONFIG_MEMBERS, ConfigPromotionView } from './config-promotion-view.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { BigLimit, Cursor, camelListOf, PAGE, QueryFlag, wordsOf } from './fields.ts';
import { ApprovalsView, StoredEventView } from './promotion-reads.ts';
import { promotionVerbs } from './promotion-verbs.ts';
import { PromotionView } from './promotion-view.ts';
import { ConfigRollbackImpactView } from './rollback-impact.ts';

/** Promotions of configuration, as the config-promotion document has them. Every verb answers the promotion as it now is. */

const root = '/api/v1/config/promotions';
const path = `${root}/{id}` as const;
const base = { tag: 'config promotions', body: EMPTY, query: EMPTY, response: ConfigPromotionView } as const;

/** An id, or the key itself. */
const Name = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/,
      'must be 1 to 256 letters, digits and ._/-, beginning with a letter or a digit',
    ),
  );
const Pattern = z
  .string()
  .check(z.regex(/^[A-Za-z0-9._/*?-]{1,256}$/, 'must be 1 to 256 characters of a key, * and ?'));
const Names = z.array(Name).check(z.maxLength(200));

/** What names entries, and for which kinds of selection: elsewhere it would be left aside, and other entries promoted than named. */
const NAMING = {
  configIds: ['SELECTIVE'],
  flagIds: ['SELECTIVE'],
  keyPatterns: ['SELECTIVE', 'PATTERN'],
} as const;

const SELECTION = {
  promotionType: z.enum(CONFIG_SELECTIONS),
  configIds: z.exactOptional(Names),
  flagIds: z.exactOptional(Names),
  keyPatterns: z.exactOptional(z.array(Pattern).check(z.maxLength(50))),
  /** Also deletes what the source has not. */
  prune: z.exactOptional(z.boolean()),
};

const fittingNames = z.check<z.infer<z.ZodMiniObject<typeof SELECTION>>>(({ value, issues }) => {
  const { promotionType } = value;
  for (const name of ['configIds', 'flagIds', 'keyPatterns'] as const) {
    if ((value[name] ?? []).length === 0 || NAMING[name].some((selects) => selects === promotionType))
      continue;
    const message = `does not go with promotionType ${promotionType}: use ${NAMING[name].join(' or ')}`;
    issues.push({ code: 'custom', input: value[name], path: [name], message });
  }
});

export const NewConfigPromotion = z
  .strictObject({
    sourceEnvironment: z.exactOptional(EnvironmentName),
    targetEnvironment: EnvironmentName,
    ...SELECTION,
    notes: z.exactOptional(Text),
    execution: z.exactOptional(z.enum(['manual', 'automatic'])),
    supersede: z.exactOptional(z.boolean()),
  })
  .check(fittingNames);

const CREATING = [
  'unknown_environment',
  'missing_stages',
  'invalid_transition',
  'nothing_to_promote',
  'already_open',
  'conflict',
  'idempotency_key_reused',
] as const;

/** Answers what would come of a request, and writes nothing. `dry_run` says the same as `dryRun`. */
const DRY_RUN = z.strictObject({
  dryRun: z.exactOptional(QueryFlag),
  dry_run: z.exactOptional(QueryFlag),
});

export const createConfigPromotion = endpoint({
  ...base,
  method: 'POST',
  path: root,
  operation: 'createConfigPromotion',
  summary: 'Requests the promotion of configs and flags: FULL, SELECTIVE by id or key, or by PATTERN',
  body: NewConfigPromotion,
  query: DRY_RUN,
  status: [201, 200],
  errors: CREATING,
  idempotent: true,
});

export const listConfigPromotions = endpoint({
  ...base,
  method: 'GET',
  path: root,
  operation: 'listConfigPromotions',
  summary: 'Lists config promotions, newest first; a page may be short while `nextCursor` says there is more',
  query: z.strictObject({
    ...PAGE,
    status: z.exactOptional(wordsOf(STATUSES)),
    targetEnvironment: z.exactOptional(EnvironmentName),
  }),
  response: camelListOf(ConfigPromotionView),
  status: [200],
  errors: ['unknown_environment'],
});

const anyValue = z.unknown();
const flagKind = { kind: z.exactOptional(z.literal('flag')) };
/**
 * Where the environments once agreed: which of them changed the key since, and what both held then; without `agreedValue` the key was not
 * there.
 */
const sinceAgreed = {
  changedIn: z.exactOptional(z.enum(['source', 'target', 'both'])),
  agreedValue: z.exactOptional(anyValue),
};
const Sided = z.strictObject({ key: z.string(), ...flagKind, value: anyValue, ...sinceAgreed });

export const diffConfig = endpoint({
  ...base,
  method: 'GET',
  path: `${root}/diff`,
  operation: 'diffConfig',
  summary:
    'How two environments differ, and which of them changed what since they last agreed; `owned` lists apart what belongs to the target and is never promoted, `nextCursor` says there is more',
  query: z.strictObject({
    source: EnvironmentName,
    target: EnvironmentName,
    limit: z.exactOptional(BigLimit),
    cursor: z.exactOptional(Cursor),
  }),
  response: z.strictObject({
    sourceEnvironment: z.string(),
    targetEnvironment: z.string(),
    added: z.array(Sided),
    modified: z.array(
      z.strictObject({
        key: z.string(),
        ...flagKind,
        sourceValue: anyValue,
        targetValue: anyValue,
        ...sinceAgreed,
      }),
    ),
    removed: z.array(Sided),
    unchanged: z.int(),
    /** The revision that both held when one last received all of the other. */
    agreed: z.exactOptional(z.strictObject({ environment: z.string(), revision: z.int() })),
    owned: z.exactOptional(
      z.array(
        z.strictObject({
          key: z.string(),
          ...flagKind,
          sourceValue: z.exactOptional(anyValue),
          targetValue: z.exactOptional(anyValue),
          ...sinceAgreed,
        }),
      ),
    ),
    nextCursor: z.exactOptional(z.string()),
  }),
  status: [200],
  errors: ['unknown_environment'],
});

export const configPromotionVerbs = promotionVerbs({
  path,
  tag: base.tag,
  response: ConfigPromotionView,
  noun: 'ConfigPromotion',
  requestChanges: 'requestConfigChanges',
  digest: 'manifestDigest',
  approval: z.strictObject({ comment: z.exactOptional(Text), manifestDigest: z.exactOptional(DigestText) }),
  schedule: z.strictObject({ at: Instant, onMissed: z.exactOptional(z.enum(['execute', 'fail'])) }),
  /** Absent: what was selected stays selected. */
  resubmit: z.strictObject({ selection: z.exactOptional(z.strictObject(SELECTION).check(fittingNames)) }),
  replanned: ['nothing_to_promote', 'target_moved'],
});

export const rollBackConfigPromotion = endpoint({
  ...base,
  method: 'POST',
  path: `${path}/rollback`,
  operation: 'rollBackConfigPromotion',
  summary:
    'Requests the rollback of a completed promotion: `restore` to what was before it, `revert` only its own changes',
  body: z.strictObject({
    reason: z.exactOptional(Text),
    mode: z.exactOptional(z.enum(['restore', 'revert'])),
    /** Of a restore: to which revision that the environment had; absent: the one before the promotion. */
    toRevision: z.exactOptional(RevisionNumber),
    /** Needed where the impact is RISKY; `dry_run=true` tells. */
    acknowledgeRisk: z.exactOptional(z.boolean()),
    execution: z.exactOptional(z.enum(['manual', 'automatic'])),
  }),
  query: DRY_RUN,
  response: z.union([
    camelView(PromotionView, { ...CONFIG_MEMBERS, impact: ConfigRollbackImpactView }),
    z.strictObject({ wouldBe: z.null(), impact: ConfigRollbackImpactView }),
  ]),
  status: [201, 200],
  errors: [...CREATING, 'source_not_deployed', 'target_moved', 'locked', 'risk_not_acknowledged'],
  idempotent: true,
});

export const getConfigChanges = endpoint({
  ...base,
  method: 'GET',
  path: `${path}/changes`,
  operation: 'getConfigChanges',
  summary: 'The sealed change set, page by page in order of keys: configs, then flags',
  query: z.strictObject({ limit: z.exactOptional(BigLimit), cursor: z.exactOptional(Cursor) }),
  response: z.strictObject({
    changeSetDigest: DigestText,
    items: z.array(
      z.strictObject({
        kind: z.enum(['config', 'flag']),
        key: z.string(),
        change: z.enum(['added', 'modified', 'removed']),
        from: z.exactOptional(anyValue),
        to: z.exactOptional(anyValue),
      }),
    ),
    nextCursor: z.nullable(z.string()),
  }),
  status: [200],
  errors: [],
});

export const getConfigApprovals = endpoint({
  ...base,
  method: 'GET',
  path: `${path}/approvals`,
  operation: 'getConfigApprovals',
  query: z.strictObject(PAGE),
  summary: 'Who approved, what is missing, and page by page who may still give it or why not',
  response: camelView(ApprovalsView),
  status: [200],
  errors: [],
});

export const getConfigTimeline = endpoint({
  ...base,
  method: 'GET',
  path: `${path}/timeline`,
  operation: 'getConfigTimeline',
  query: z.strictObject(PAGE),
  summary:
    'Everything that happened, oldest first; the events themselves are as stored, so that their chain can be checked',
  response: camelListOf(z.extend(StoredEventView, { actor: z.record(z.string(), z.unknown()) })),
  status: [200],
  errors: [],
});
