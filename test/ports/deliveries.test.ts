import { onBoth } from './adapters.ts';
import { deliveriesContract } from './deliveries.contract.ts';

onBoth('deliveries', deliveriesContract);
