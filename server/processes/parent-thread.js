import { clearInterval, setInterval } from 'node:timers';
import { workerData } from 'node:worker_threads';

const { parent, grace } = workerData;
const between = 250;

/** A process whose parent has gone is given another one, on POSIX; elsewhere the number is of no process. */
function isThere() {
  if (process.ppid !== parent) return false;
  try {
    process.kill(parent, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const watch = setInterval(() => {
  if (isThere()) return;
  clearInterval(watch);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), grace);
}, between);
