import { kmsSigner } from '../../adapters/kms/signer.ts';
import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';
import { auditRoutes } from './audit-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  auditRoutes,
  () => {
    const settings = readEnvironment();
    if (settings.auditKeyId === undefined) throw new Error('AUDIT_KEY_ID is not set');
    return { ...wireTable(settings), signer: kmsSigner(settings.auditKeyId) };
  },
  openLog(),
);
