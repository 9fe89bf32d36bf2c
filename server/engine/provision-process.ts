import { obeyProvisionOrder } from './provision-child.ts';

obeyProvisionOrder();
