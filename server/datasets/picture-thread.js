// Where a thread that draws pictures begins.
import { readTypeScript } from '../processes/read-typescript.js';

await readTypeScript();
const { pictureTask } = await import('./picture-task.ts');

export default pictureTask;
