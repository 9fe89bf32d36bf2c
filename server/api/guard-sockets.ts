import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Server } from 'socket.io';
import { checkUpgrade, type Guarded } from './guard.ts';
import { describedProblem } from './problem.ts';

/** Lets in of every request of a socket, handshakes, upgrades and polls, those that `checkUpgrade` lets in; the others are answered with the problem. */
export function guardSockets({ engine }: Server, guarded: Guarded): void {
  engine.use((request: IncomingMessage, response: unknown, next: () => void) => {
    try {
      checkUpgrade(request, guarded);
    } catch (error) {
      refuse(request, response instanceof ServerResponse ? response : overSocket(request), error);
      return;
    }
    next();
  });
}

/** What comes in place of an upgrade is an answer like any other, and the last on its connection. */
function overSocket(request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request);
  // Who has gone before the answer is told nothing.
  request.socket.on('error', () => {});
  response.assignSocket(request.socket);
  response.once('finish', () => request.socket.destroySoon());
  return response;
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const problem = describedProblem(error);
  request.resume();
  response.writeHead(problem.status, { 'content-type': 'application/problem+json', connection: 'close' }).end(JSON.stringify(problem));
}
