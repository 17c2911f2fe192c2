import { dynamoSessions } from '../../adapters/dynamodb/sessions.ts';
import { readEnvironment } from '../environment.ts';
import type { PageSessions } from '../http/session.ts';
import { openWatchedTable } from './open-table.ts';
import { wireSite } from './site.ts';

/** The sessions of people at pages. Wired by the first request from a page: most requests come through the gateway. */
export function wirePageSessions(): PageSessions {
  const { find } = dynamoSessions(openWatchedTable(readEnvironment().tableName));
  return { sessions: { find }, site: wireSite() };
}
