import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { LiveClient, type LiveBatch } from '../live/live-client.ts';
import { badRequest } from './bad-request.ts';
import type { Guarded } from './guard.ts';
import { guardSockets } from './guard-sockets.ts';
import { describedProblem } from './problem.ts';
import type { Services } from './services.ts';

const topicForm = z.string().min(1).max(300);
const watchForm = z.object({ run: z.string().max(255), after: z.int().min(0).default(0) });

/** How long a client may take for a batch until it is taken to have gone, ms. */
const patience = 60_000;
const mostTopics = 2000;

/**
 * Live news over socket.io. `subscribe` (topic) answers with the topic's state and tells each later one; `watch`
 * ({run, after}) tells the events of a run after a number, none twice and none left out. Both come as `live`, a batch
 * that the client acknowledges; the next is sent when it has.
 */
export function openSockets(http: HttpServer, services: Services, guarded: Guarded): { close(): Promise<void> } {
  const { topics, runs, queue, log } = services;
  const io = new Server(http, {
    path: '/socket.io',
    serveClient: false,
    maxHttpBufferSize: 100_000,
  });
  guardSockets(io, guarded);

  io.on('connection', (socket: Socket) => {
    const client = new LiveClient(async (batch: LiveBatch) => {
      if (!socket.connected) throw new Error('gone');
      // One that does not take it in time comes back, and says where it was.
      await socket.timeout(patience).emitWithAck('live', batch).catch(() => socket.disconnect(true));
    });
    const answering = (work: (given: unknown) => unknown) => async (given: unknown, ack?: (answer: unknown) => void) => {
      const answer = typeof ack === 'function' ? ack : () => {};
      try {
        answer({ ok: true, ...((await work(given)) as object) });
      } catch (error) {
        if (!(error instanceof StillroomError) && !(error instanceof z.ZodError)) log.error({ err: error }, 'a defect');
        answer({ ok: false, problem: describedProblem(error instanceof z.ZodError ? badRequest(error, given) : error) });
      }
    };
    socket.on('subscribe', answering((given) => {
      const topic = topicForm.parse(given);
      if (socket.rooms.size > mostTopics) throw new StillroomError('too-many-topics', `expected at most ${mostTopics} topics for one client, found more`);
      void socket.join(topic);
      return { state: topics.state(topic) };
    }));
    socket.on('unsubscribe', answering((given) => {
      void socket.leave(topicForm.parse(given));
      return {};
    }));
    socket.on('watch', answering(async (given) => {
      const { run, after } = watchForm.parse(given);
      await runs.folder(run);
      const events = await queue.log(run);
      // A number of the future is of another log, such as one that was put back: all is told anew.
      client.watch(run, events, after > events.last ? 0 : after);
      return { last: events.last };
    }));
    socket.on('unwatch', answering((given) => {
      const run = z.string().parse(given);
      client.unwatch(run);
      return {};
    }));
    socket.data = client;
    socket.on('disconnect', () => client.close());
  });

  const end = topics.listen((topic, state) => {
    for (const id of io.sockets.adapter.rooms.get(topic) ?? []) (io.sockets.sockets.get(id)?.data as LiveClient | undefined)?.state(topic, state);
  });
  return {
    async close() {
      end();
      await io.close();
    },
  };
}
