/** How the code of a plugin in a frame is. */
export type FrameState = { kind: 'loading' } | { kind: 'running' } | { kind: 'failed'; message: string } | { kind: 'hung' };

interface Told {
  state(state: FrameState): void;
  /** Its own height, CSS px. */
  height(height: number): void;
  change(value: unknown): void;
}

/** A frame that gives no answer for so long does not return, ms. */
const patience = 4000;
const asksEvery = 1000;

/**
 * A viewer or control of a plugin at work in a sandboxed frame: hands it its code and what it shows, and tells when it
 * throws or does not return. It can do nothing but draw into its frame and answer.
 */
export class PluginFrame {
  readonly #frame: HTMLIFrameElement;
  readonly #told: Told;
  #port: MessagePort | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #heard = performance.now();
  #isMounted = false;
  #waiting: unknown = null;

  constructor(frame: HTMLIFrameElement, told: Told) {
    this.#frame = frame;
    this.#told = told;
  }

  /** Runs code in the frame, which goes to the frame's page for that. */
  begin(code: string): void {
    this.#told.state({ kind: 'loading' });
    this.#frame.addEventListener('load', () => this.#speak(code), { once: true });
    this.#frame.src = frameAddress(location);
    this.#heard = performance.now();
    this.#timer = setInterval(() => this.#ask(), asksEvery);
  }

  /** Has it show something, now or once it can. Only what came last is shown. */
  show(input: unknown): void {
    if (this.#isMounted) this.#port?.postMessage({ kind: 'show', input });
    else this.#waiting = input;
  }

  /** Has it take on the colours around it. */
  look(theme: 'light' | 'dark'): void {
    this.#port?.postMessage({ kind: 'look', theme, variables: variables() });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#port?.postMessage({ kind: 'close' });
    this.#port?.close();
    this.#port = null;
  }

  #speak(code: string): void {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<Record<string, unknown>>) => this.#hear(data);
    // Its origin is none that could be named.
    this.#frame.contentWindow?.postMessage(null, '*', [port2]);
    this.look(currentTheme());
    port1.postMessage({ kind: 'mount', code });
  }

  #hear(said: Record<string, unknown>): void {
    this.#heard = performance.now();
    switch (said['kind']) {
      case 'mounted':
        this.#isMounted = true;
        this.#told.state({ kind: 'running' });
        if (this.#waiting !== null) this.show(this.#waiting);
        this.#waiting = null;
        break;
      case 'failed':
        this.#end({ kind: 'failed', message: String(said['message']) });
        break;
      case 'size':
        this.#told.height(Number(said['height']) || 0);
        break;
      case 'change':
        this.#told.change(said['value']);
        break;
    }
  }

  #ask(): void {
    // Timers of pages that nobody sees are slowed down.
    if (document.hidden) return void (this.#heard = performance.now());
    if (performance.now() - this.#heard > patience) return this.#end({ kind: 'hung' });
    this.#port?.postMessage({ kind: 'ping' });
  }

  #end(state: FrameState): void {
    this.close();
    this.#told.state(state);
  }
}

export const currentTheme = (): 'light' | 'dark' => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

/**
 * Where a frame goes. On this machine, to a name of its own below `localhost`: browsers run each such name in a process of
 * its own, so that code that never returns holds up nobody else. Elsewhere there are no such names.
 */
export function frameAddress({ protocol, hostname, port, origin }: Pick<Location, 'protocol' | 'hostname' | 'port' | 'origin'>): string {
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  const own = `frame-${crypto.randomUUID()}.localhost${port ? `:${port}` : ''}`;
  return `${isHere && protocol === 'http:' ? `http://${own}` : origin}/plugin-frame`;
}

const handed = ['--text', '--quiet', '--ground', '--raised', '--line', '--accent', '--bad'] as const;

function variables(): Record<string, string> {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(handed.map((name) => [name, style.getPropertyValue(name).trim()]));
}
