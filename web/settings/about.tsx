import type * as z from 'zod/mini';
import { wordsOfMembers } from '../../functions/contract/shape.ts';

/** Returns what each member of a body is for, as its declaration says it; absent of a name that is no member. */
export function aboutOf<B>(body: z.ZodMiniType<B>): (member: MemberOf<B>) => string | undefined {
  const words = new Map<string, string>(
    wordsOfMembers(body).map(({ name, description }) => [name, description]),
  );
  return (member) => words.get(member);
}
/** Members of a body; of several forms, those of each. */
type MemberOf<B> = B extends unknown ? keyof B & string : never;

/** What a control of a form is for, below it: what stands between backticks is code. */
export const About = ({ id, text }: { readonly id: string; readonly text: string | undefined }) =>
  text === undefined ? undefined : (
    <p class="about" id={aboutId(id)}>
      {text.split('`').map((part, at) => (at % 2 === 1 ? <code key={part}>{part}</code> : part))}
    </p>
  );

/** What ties a control to what stands below it. */
export const describedBy = (id: string, text: string | undefined) =>
  text === undefined ? {} : { 'aria-describedby': aboutId(id) };

const aboutId = (id: string): string => `${id}-about`;
