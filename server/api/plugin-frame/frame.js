/* global addEventListener, document, Blob, ResizeObserver */
// Runs in the sandboxed frame of a viewer or control: mounts the module that it is handed over a port, and has it show.
// No policy of a page keeps WebRTC from the network. Frames within this one are of other origins, and workers have none of it.
for (const name of Object.getOwnPropertyNames(globalThis)) if (/RTC/.test(name)) delete globalThis[name];
addEventListener('message', ({ ports: [port] }) => begin(port), { once: true });

function begin(port) {
  const root = document.getElementById('root');
  let mounted;
  const fail = (error) => port.postMessage({ kind: 'failed', message: String(error?.message ?? error), stack: String(error?.stack ?? '') });
  const host = { change: (value) => port.postMessage({ kind: 'change', value }) };
  const acts = {
    ping: () => port.postMessage({ kind: 'pong' }),
    look: ({ theme, variables }) => {
      document.documentElement.dataset.theme = theme;
      document.documentElement.style.colorScheme = theme;
      for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
    },
    mount: async ({ code }) => {
      const module = await import(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
      if (typeof module.default !== 'function') throw new TypeError(`expected a module whose default export is a function, found ${typeof module.default}`);
      mounted = await module.default(root, host);
      if (typeof mounted?.show !== 'function') throw new TypeError('expected that mounting gives an object with a function "show"');
      port.postMessage({ kind: 'mounted' });
    },
    show: async ({ input }) => {
      await mounted.show(input);
      port.postMessage({ kind: 'shown' });
    },
    close: () => mounted?.close?.(),
  };
  // One after another: what is to be shown waits until it is mounted.
  let turn = Promise.resolve();
  port.onmessage = ({ data }) => {
    if (data.kind === 'ping') acts.ping();
    else turn = turn.then(() => acts[data.kind]?.(data)).catch(fail);
  };
  addEventListener('error', ({ error, message }) => fail(error ?? message));
  addEventListener('unhandledrejection', ({ reason }) => fail(reason));
  new ResizeObserver(() => port.postMessage({ kind: 'size', height: Math.ceil(root.getBoundingClientRect().height) })).observe(root);
  port.postMessage({ kind: 'ready' });
}
