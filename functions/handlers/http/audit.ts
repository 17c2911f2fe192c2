import { kmsSigner } from '../../adapters/kms/signer.ts';
import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireLog } from '../wiring/log.ts';
import { openWatchedTable } from '../wiring/open-table.ts';
import { wireOpenTable } from '../wiring/table.ts';
import { auditRoutes } from './audit-routes.ts';
import { logRoutes } from './log-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  [...auditRoutes, ...logRoutes],
  () => {
    const settings = readEnvironment();
    if (settings.auditKeyId === undefined) throw new Error('AUDIT_KEY_ID is not set');
    const table = openWatchedTable(settings.tableName);
    return { ...wireOpenTable(table), ...wireLog(table), signer: kmsSigner(settings.auditKeyId) };
  },
  openLog(),
);
