import type { SeparationOfDuties } from '../catalog/approval-policy.ts';
import type { Actor } from '../identity/principal.ts';
import { samePerson } from '../identity/same-person.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { SeparationFacts } from './commands.ts';
import { requestersOf } from './parts.ts';
import type { PromotionState } from './state.ts';

/**
 * Whether separation of duties lets somebody approve; asked before any role, nobody is exempt. Refuses when the facts could not be
 * read, and names in `relation` what the person is to the promotion otherwise.
 */
export function mayApprove(
  state: Pick<PromotionState, 'requester' | 'also_requested_by' | 'seal'>,
  actor: Actor,
  separation: SeparationFacts,
): Refusal | undefined {
  if (separation === 'unreadable') {
    return refuse('separation_of_duties', 'separation of duties could not be verified', {
      relation: 'unreadable',
    });
  }
  const people: { readonly [relation in keyof SeparationOfDuties]: readonly Actor[] } = {
    requester: [...requestersOf(state), ...(separation.requesters ?? [])],
    author: separation.authors,
    previous_promoter: separation.previous_promoters,
    evidence_producer: separation.evidence_producers,
  };
  const { separation_of_duties } = state.seal.requirements;
  for (const relation of RELATIONS) {
    if (separation_of_duties[relation] && people[relation].some((person) => samePerson(person, actor))) {
      return refuse('separation_of_duties', `${IN_WORDS[relation]} may not approve it`, { relation });
    }
  }
  return undefined;
}

const RELATIONS = ['requester', 'author', 'previous_promoter', 'evidence_producer'] as const;
const IN_WORDS = {
  requester: 'the requester of a promotion',
  author: 'an author of what is promoted',
  previous_promoter: 'who promoted this before',
  evidence_producer: 'the producer of its evidence',
} as const;
