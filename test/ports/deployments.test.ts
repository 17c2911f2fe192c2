import { onBoth } from './adapters.ts';
import { deploymentsContract } from './deployments.contract.ts';

onBoth('deployments', deploymentsContract);
