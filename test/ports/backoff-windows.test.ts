import { onBoth } from './adapters.ts';
import { backoffContract } from './backoff-windows.contract.ts';

onBoth('backoff', backoffContract);
