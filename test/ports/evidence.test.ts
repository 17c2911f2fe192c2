import { onBoth } from './adapters.ts';
import { evidenceContract } from './evidence.contract.ts';

onBoth('evidence', evidenceContract);
