import { onBoth } from './adapters.ts';
import { secretsContract } from './secrets.contract.ts';

onBoth('what secrets open', secretsContract);
