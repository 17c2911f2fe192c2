import { beforeAll, describe, expect, it } from 'vitest';
import type { FunctionDeclaration } from '../../infra/declaration.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { reachableWords } from '../support/may-call/may-call.ts';

const DECLARED: readonly FunctionDeclaration[] = FUNCTIONS;

let wordsOf: (entry: string) => ReadonlySet<string>;
beforeAll(() => {
  wordsOf = reachableWords(DECLARED.map(({ entry }) => entry));
});

/** A transaction takes the rights to its parts, which stand beside it. */
const ITSELF_FREE = new Set(['TransactWriteItems']);

/** What the grants beside the table allow, in the operations of the SDK. */
function operationsOf({ grants, trigger }: FunctionDeclaration): string[] {
  return [
    ...(grants.publishes ? ['PutEvents'] : []),
    ...(grants.starts ? ['StartExecution'] : []),
    ...(grants.wakes ? ['SendTaskSuccess'] : []),
    ...(grants.schedules ? ALARMS : []),
    ...(grants.signs ? ['Sign'] : []),
    ...(grants.shows_key ? ['GetPublicKey'] : []),
    ...(grants.log === 'writes' ? ['Sign', 'GetPublicKey'] : []),
    ...(grants.secrets ? ['GetSecretValue'] : []),
    ...(grants.mails ? ['SendEmail'] : []),
    ...(grants.sends ? ['SendMessageBatch'] : []),
    ...(trigger.type === 'queue' ? ['ChangeMessageVisibility', 'SendMessage'] : []),
  ];
}

const ALARMS = ['CreateSchedule', 'UpdateSchedule', 'DeleteSchedule'];

/** What the wiring refuses by itself for want of the resource's name, so that the intent is left to the sweep. */
function refusedByWiring({ grants, trigger }: FunctionDeclaration): string[] {
  return [
    ...(grants.schedules ? [] : ALARMS),
    // A step goes on from its own commits and begins no execution: its wiring names no machine.
    ...(trigger.type === 'state' ? ['StartExecution'] : []),
  ];
}

describe('the code of each function may call', () => {
  it.each(DECLARED.map((declaration) => [declaration.name, declaration] as const))(
    'what %s is granted, and nothing else',
    (_, declaration) => {
      const { table } = declaration.grants;
      const granted = [...(table?.actions ?? []), ...(table?.indexes ?? []), ...operationsOf(declaration)];
      const refused = new Set(refusedByWiring(declaration));
      const called = [...wordsOf(declaration.entry)].filter(
        (word) => !ITSELF_FREE.has(word) && !refused.has(word),
      );
      expect(granted.sort()).toEqual(called.sort());
    },
  );
});
