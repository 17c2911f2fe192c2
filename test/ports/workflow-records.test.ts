import { onBoth } from './adapters.ts';
import { workflowRecordsContract } from './workflow-records.contract.ts';

onBoth('drive', workflowRecordsContract);
