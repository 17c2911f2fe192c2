import type { ConditionFacts } from '../conditions/condition.ts';
import { type Digest, isDigest } from '../digest.ts';
import { isObject, textIn } from '../evidence/read-json.ts';
import type { Actor } from '../identity/principal.ts';
import type { Evidence } from './evidence.ts';
import type { GateResult, GateSetting } from './gate.ts';

/** The format of what a gate's provider said. It is never posted. */
export const PROVIDER_FORMAT = 'provider';

/** Seconds for an answer where the gate does not say, and at the most: the step that asks lives longer than that. */
export const DEFAULT_TIMEOUT = 10;
export const LONGEST_TIMEOUT = 30;

/** What a provider may answer; any other word is no answer. In block mode only PASSED counts. */
export const PROVIDER_STATUSES = ['PASSED', 'FAILED', 'WARNING', 'ERROR'] as const;
export type ProviderStatus = (typeof PROVIDER_STATUSES)[number];

/** What a promotion is asked about: an answer about another one, or about another manifest of it, is none. */
export type AskedAbout = { readonly promotion_id: string; readonly manifest_digest: Digest };

/** One word about a promotion. PENDING is a person's: the provider is to be asked again. */
export type ProviderWord = AskedAbout & {
  readonly status: ProviderStatus | 'PENDING';
  readonly reason_code: string;
};

/** The n-th word that a gate of a promotion has, from 1: whoever writes it has seen the one before. */
export type ProviderAnswer = { readonly number: number; readonly evidence: Evidence };

/** Why a gate waits for its provider. */
export const NOT_ASKED = 'provider_not_asked';
export const ASKED_AGAIN = 'provider_asked_again';
export const ANSWER_TOO_OLD = 'provider_answer_too_old';
/** A gate that is to be judged by a provider has none. */
export const NO_PROVIDER = 'no_provider';

const WAITING: readonly string[] = [NOT_ASKED, ASKED_AGAIN, ANSWER_TOO_OLD];

/** Whether a gate is judged by what a provider says, be there one or not. */
export function judgesByProvider({ provider, format }: GateSetting): boolean {
  return provider !== undefined || format === PROVIDER_FORMAT;
}

/** Whether the provider of a gate is to be asked before anything is decided. */
export function waitsForProvider({ status, reason_code }: GateResult): boolean {
  return status === 'PENDING' && WAITING.includes(reason_code);
}

/** Whether asking was worth it: nobody has asked, or somebody asked for it. An answer that is always too old stays so. */
export function isUnasked(result: GateResult): boolean {
  return waitsForProvider(result) && result.reason_code !== ANSWER_TOO_OLD;
}

/** A word as the report that it is stored and judged as. What the provider reports beside its word cannot say what that was. */
export function saidBy(
  producer: Actor,
  {
    at,
    word,
    facts,
    ...about
  }: Pick<Evidence, 'gate' | 'subject_digest' | 'document_digest'> & {
    readonly at: string;
    readonly word: ProviderWord;
    readonly facts: ConditionFacts;
  },
): Evidence {
  return {
    ...about,
    format: PROVIDER_FORMAT,
    produced_at: at,
    received_at: at,
    producer,
    result: { ...facts, passed: word.status === 'PASSED', word },
  };
}

/** The word that a report of a provider carries; `undefined` when it is none. */
export function wordOf({ format, result }: Evidence): ProviderWord | undefined {
  const { word } = result;
  if (format !== PROVIDER_FORMAT || !isObject(word)) return undefined;
  const [promotion_id, manifest_digest] = [textIn(word['promotion_id']), textIn(word['manifest_digest'])];
  const [status, reason_code] = [statusIn(word['status']), textIn(word['reason_code'])];
  if (promotion_id === undefined || manifest_digest === undefined || !isDigest(manifest_digest))
    return undefined;
  if (status === undefined || reason_code === undefined) return undefined;
  return { promotion_id, manifest_digest, status, reason_code };
}

function statusIn(value: unknown): ProviderWord['status'] | undefined {
  return value === 'PENDING' ? value : PROVIDER_STATUSES.find((status) => status === value);
}
