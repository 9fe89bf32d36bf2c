import { request as httpRequest } from 'node:http';
import { pino } from 'pino';
import { serve, type Served, type ServeOptions } from '../../../server/api/serve.ts';

/** What a server answers; `body` is that of JSON. */
export interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  bytes: Buffer;
  body: never;
}

/** A server of a test, and requests with its token. */
export class Caller {
  readonly served: Served;

  constructor(served: Served) {
    this.served = served;
  }

  static async start(home: string, options: Partial<ServeOptions> = {}): Promise<Caller> {
    return new Caller(await serve({ home, port: 0, host: '127.0.0.1', version: '1.2.3', log: pino({ level: 'silent' }), provisionEngine: false, ...options }));
  }

  /** A body that is no Buffer is sent as JSON. */
  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    const { hostname, port } = new URL(this.served.address);
    const isJson = body !== undefined && !(body instanceof Uint8Array);
    const sent = isJson ? Buffer.from(JSON.stringify(body)) : (body as Uint8Array | undefined);
    const all = { authorization: `Bearer ${this.served.token}`, ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers };
    return new Promise((resolve, reject) => {
      const request = httpRequest({ hostname, port, method, path: `/api${path}`, headers: all }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => void parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(parts);
          const holdsJson = /json/.test(response.headers['content-type'] ?? '') && bytes.length > 0;
          resolve({ status: response.statusCode!, headers: response.headers, bytes, body: (holdsJson ? JSON.parse(bytes.toString()) : undefined) as never });
        });
      });
      request.on('error', reject).end(sent);
    });
  }

  /** Asks again until the answer is as wanted. */
  async until<T>(path: string, isWanted: (body: T) => boolean): Promise<T> {
    for (let attempt = 0; attempt < 600; attempt++) {
      const { body } = await this.call('GET', path);
      if (isWanted(body)) return body;
      await new Promise((wait) => setTimeout(wait, 50));
    }
    throw new Error(`${path} never came to what was wanted`);
  }
}
