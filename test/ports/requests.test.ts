import { onBoth } from './adapters.ts';
import { clock, requestsContract } from './requests.contract.ts';

onBoth('requests', requestsContract, () => clock.now);
