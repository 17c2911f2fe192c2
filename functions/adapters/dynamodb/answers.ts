import type { Answers } from '../../ports/answers.ts';
import { answerKey } from './keys.ts';
import { readBody } from './read.ts';
import { answer } from './schemas/request.ts';
import type { Table } from './table.ts';

export function dynamoAnswers(table: Table): Answers {
  return {
    async read(tenant, key, now) {
      const found = await readBody(table, answerKey(tenant, key), answer);
      // TTL takes expired items hours later.
      return found === undefined || found.expires_at <= now ? undefined : found;
    },
  };
}
