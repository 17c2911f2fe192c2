import { onBoth } from './adapters.ts';
import { openingsContract } from './unblock-records.contract.ts';

onBoth('unblockRecords', openingsContract);
