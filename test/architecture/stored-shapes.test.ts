import { expect, it } from 'vitest';
import { ROOT, saidOf } from './compile.ts';

it('that differ from the domain do not compile, and the error names each member', async () => {
  const shape = (text: string) => `import * as z from 'zod/mini';
import { exactly } from '${ROOT}/functions/adapters/dynamodb/schemas/exactly.ts';
type Thing = { readonly id: string; readonly note?: string; readonly parts: readonly { readonly by?: string }[] };
const maybe = z.exactOptional(z.string());
export const thing = exactly<Thing>()(z.looseObject(${text}));`;
  const differs = await saidOf(shape('{ id: z.string(), more: maybe, parts: z.array(z.looseObject({})) }'));
  for (const member of ['.note?', '.more?', '.parts[].by?']) {
    expect(differs).toContain(`differs from the domain in ${member}`);
  }
  const parts = 'z.array(z.looseObject({ by: maybe }))';
  expect(await saidOf(shape(`{ id: z.string(), note: maybe, parts: ${parts} }`))).toBe('');
});
