import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { type Differing, exactly } from '../../../functions/adapters/dynamodb/schemas/exactly.ts';

type Thing = {
  readonly id: string;
  readonly note?: string;
  readonly parts: readonly { readonly at: string; readonly by?: string }[];
  readonly state:
    | { readonly status: 'open'; readonly until?: string }
    | { readonly status: 'closed'; readonly reason?: string };
};

const text = z.string();
const maybe = z.exactOptional(text);
const parts = z.array(z.looseObject({ at: text, by: maybe }));
const open = z.looseObject({ status: z.literal('open'), until: maybe });
const closed = z.looseObject({ status: z.literal('closed'), reason: maybe });
const state = z.discriminatedUnion('status', [open, closed]);

/** The compiler is the judge: each of these lines fails `tsc` where a difference is missed, or one is found that is none. */
describe('a stored shape', () => {
  it('agrees with the type of the domain when it says every member', () => {
    const whole = exactly<Thing>()(z.looseObject({ id: text, note: maybe, parts, state }));
    const agrees: [Differing<z.output<typeof whole>, Thing>] extends [never] ? true : false = true;
    expect(agrees).toBe(true);
    expect(z.parse(whole, { id: 'a', parts: [], state: { status: 'open' }, later: 1 })).toHaveProperty(
      'later',
    );
  });

  it('differs by a member that was forgotten, at any depth and in any form', () => {
    const top = z.looseObject({ id: text, parts, state });
    const note: Differing<z.output<typeof top>, Thing> = '.note?';
    const bare = z.array(z.looseObject({ at: text }));
    const deep = z.looseObject({ id: text, note: maybe, parts: bare, state });
    const by: Differing<z.output<typeof deep>, Thing> = '.parts[].by?';
    const formless = z.discriminatedUnion('status', [open, z.looseObject({ status: z.literal('closed') })]);
    const form = z.looseObject({ id: text, note: maybe, parts, state: formless });
    const reason: Differing<z.output<typeof form>, Thing> = '.state<closed>.reason?';
    expect([note, by, reason]).toHaveLength(3);
  });

  it('differs by a member that the domain has not, and by one that is optional in one of them alone', () => {
    const more = z.looseObject({ id: text, note: maybe, parts, state, extra: maybe });
    const extra: Differing<z.output<typeof more>, Thing> = '.extra?';
    const strict = z.looseObject({ id: text, note: text, parts, state });
    const required: Differing<z.output<typeof strict>, Thing> = '.note';
    expect([extra, required]).toHaveLength(2);
  });
});
