import { dynamoSessions } from '../../adapters/dynamodb/sessions.ts';
import { openTable } from '../../adapters/dynamodb/table.ts';
import { readEnvironment } from '../environment.ts';
import type { PageSessions } from '../http/session.ts';
import { wireSite } from './site.ts';

/** The sessions of people at pages. Wired by the first request from a page: most requests come through the gateway. */
export function wirePageSessions(): PageSessions {
  const { find } = dynamoSessions(openTable(readEnvironment().tableName));
  return { sessions: { find }, site: wireSite() };
}
