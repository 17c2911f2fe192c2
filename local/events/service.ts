import { randomUUID } from 'node:crypto';
import { AwsError, type AwsService } from '../aws-endpoint.ts';
import type { PatternRule } from '../cloudformation/event-rules.ts';
import { isRecord, parseJson, textOf } from '../json.ts';
import { localAccountId, localRegion } from '../surroundings.ts';
import { matchesPattern } from './pattern.ts';

/** Limits of PutEvents: entries per call, and bytes of all entries together. */
const maxEntries = 10;
const maxBytes = 262_144;

type EntryResult =
  | { readonly EventId: string }
  | { readonly ErrorCode: string; readonly ErrorMessage: string };

/** `PutEvents`: each entry is judged by itself, and a good one goes to every rule of its bus that matches. */
export function eventBridgeService(
  buses: ReadonlySet<string>,
  rules: readonly PatternRule[],
  enqueue: (functionName: string, event: unknown) => void,
): AwsService {
  return {
    name: 'events',
    target: 'AWSEvents',
    operations: {
      PutEvents({ Entries: entries }) {
        if (!Array.isArray(entries) || entries.length === 0 || entries.length > maxEntries) {
          throw new AwsError('ValidationException', `PutEvents takes between 1 and ${maxEntries} entries.`);
        }
        if (Buffer.byteLength(JSON.stringify(entries)) > maxBytes) {
          throw new AwsError(
            'ValidationException',
            'Total size of the entries in the request is over the limit.',
          );
        }
        const results = entries.map((entry: unknown) => put(entry, buses, rules, enqueue));
        return {
          Entries: results,
          FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
        };
      },
    },
  };
}

function put(
  entry: unknown,
  buses: ReadonlySet<string>,
  rules: readonly PatternRule[],
  enqueue: (functionName: string, event: unknown) => void,
): EntryResult {
  if (!isRecord(entry)) return refused('InvalidArgument', 'An entry must be an object.');
  for (const name of ['Source', 'DetailType', 'Detail']) {
    if (!textOf(entry[name])) {
      return refused(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      );
    }
  }
  const detail = parseJson(String(entry['Detail']));
  if (!isRecord(detail)) return refused('MalformedDetail', 'Detail is malformed.');
  const busName =
    String(entry['EventBusName'] ?? 'default')
      .split('/')
      .at(-1) ?? '';
  if (!buses.has(busName))
    return refused('ResourceNotFoundException', `Event bus ${busName} does not exist.`);
  const event = {
    version: '0',
    id: randomUUID(),
    'detail-type': entry['DetailType'],
    source: entry['Source'],
    account: localAccountId,
    time: timeOf(entry['Time']),
    region: localRegion,
    resources: Array.isArray(entry['Resources']) ? entry['Resources'] : [],
    detail,
  };
  for (const rule of rules) {
    if (rule.busName !== busName || !matchesPattern(rule.pattern, event)) continue;
    for (const target of rule.targets) enqueue(target.functionName, target.input ?? event);
  }
  return { EventId: event.id };
}

/** Events carry whole seconds. */
function timeOf(epochSeconds: unknown): string {
  const at = typeof epochSeconds === 'number' ? new Date(epochSeconds * 1000) : new Date();
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}

function refused(ErrorCode: string, ErrorMessage: string): EntryResult {
  return { ErrorCode, ErrorMessage };
}
