import type * as z from 'zod/mini';
import { wordsOfMembers } from '../../functions/contract/shape.ts';

/** Characters of a line of help. */
const WIDTH = 100;

/** The members of a body, each with what it means, as the end of the help of a command. */
export function memberHelp(body: z.ZodMiniType): string {
  const members = wordsOfMembers(body);
  const indent = Math.max(...members.map(({ name }) => name.length)) + 4;
  const lines = members.flatMap(({ name, required, description, default: usual }) => {
    const marks = [required ? 'Required.' : '', isLong(usual) ? '' : `Default: ${JSON.stringify(usual)}.`];
    const text = [description, ...marks].filter((part) => part !== '').join(' ');
    const [first = '', ...rest] = wrapped(text, WIDTH - indent);
    return [`  ${name}`.padEnd(indent) + first, ...rest.map((line) => ' '.repeat(indent) + line)];
  });
  return `\nMembers of the file:\n${lines.join('\n')}`;
}

/** Whether a default would not stand in a line: it says what its description does. */
const isLong = (usual: unknown): boolean => usual === undefined || typeof usual === 'object';

/** A text in lines of at most so many characters, where its words allow. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
