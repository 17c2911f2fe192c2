import { afterAll, beforeAll, describe } from 'vitest';
import { dynamoSlackMessages } from '../../functions/adapters/dynamodb/slack-messages.ts';
import { dynamoSlackPeople } from '../../functions/adapters/dynamodb/slack-people.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { memorySlackMessages, memorySlackPeople } from '../support/memory/slack.ts';
import { slackMessagesContract, slackPeopleContract } from './slack.contract.ts';

describe('Slack, in memory', () => {
  const [people, messages] = [memorySlackPeople(), memorySlackMessages()];
  slackPeopleContract(() => people);
  slackMessagesContract(() => messages);
});

describe.skipIf(skipWithoutEngine())('Slack, on the table', () => {
  let engine: Engine | undefined;
  const table = () => {
    if (engine === undefined) throw new Error('the engine has not started');
    return engine.table;
  };
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine?.stop());
  slackPeopleContract(() => dynamoSlackPeople(table()));
  slackMessagesContract(() => dynamoSlackMessages(table()));
});
