import { provisionOnOrder } from '../../server/engine/provision-child.ts';
import { provisionEngine } from '../../server/engine/provision.ts';
import { fakeRecipe } from './fake-wheel.ts';

/** Provisions the engine of the fake wheel that `$FAKE_WHEEL_FACTS` describes, as the server has the real one provisioned. */
const facts = JSON.parse(process.env['FAKE_WHEEL_FACTS']!) as { bytes: number; sha256: string };
provisionOnOrder((options) => provisionEngine({ ...options, recipe: fakeRecipe(facts), lockStaleMs: 2000 }));
