import { provisionOnOrder } from './provision-child.ts';

provisionOnOrder();
