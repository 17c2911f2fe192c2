import { onBoth } from './adapters.ts';
import { isolationContract } from './isolation.contract.ts';
import { AT } from './samples.ts';

onBoth('isolation', isolationContract, () => AT);
