import express, { Router, type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { DocumentStore } from '../documents/store.ts';
import { JSON_LIMITS } from '../graph/json.ts';
import type { Registry } from '../graph/registry.ts';
import { guardHost, guardToken, signIn } from './guard.ts';
import { homePage } from './home-page.ts';
import { openApi } from './openapi.ts';
import { answerNotFound, answerProblem } from './problem.ts';
import { mount, type Route } from './route.ts';
import { graphRoutes } from './routes/graphs.ts';
import { healthRoutes } from './routes/health.ts';

export interface AppOptions {
  token: string;
  /** Names that the server answers to, besides those of loopback. */
  hosts: ReadonlySet<string>;
  version: string;
  documents: DocumentStore;
  registry: Registry;
  log: Logger;
}

/** The HTTP side of the server: guards, the routes of the API, and the document that describes them. */
export function createApp(options: AppOptions): Express {
  const { token, hosts, version, documents, registry, log } = options;
  const routes: Route[] = [...healthRoutes(version), ...graphRoutes(documents, registry)];
  const description = openApi(routes, version);
  const home = homePage(routes, version);
  const open = new Set(routes.filter((one) => one.open).map(({ path }) => path));

  const api = Router();
  api.use(guardToken(token, (path) => open.has(path)));
  api.use(express.text({ type: ['application/json', 'application/*+json'], limit: JSON_LIMITS.characters }));
  api.get('/openapi.json', (_request, response) => void response.json(description));
  mount(api, routes);
  api.use(answerNotFound);

  const app = express();
  app.disable('x-powered-by');
  app.use(guardHost(hosts));
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } }, strictTransportSecurity: false }));
  app.get('/', signIn(token), guardToken(token, () => false), (_request, response) => void response.type('html').send(home));
  app.use('/api', api);
  app.use(answerNotFound);
  app.use(answerProblem(log));
  return app;
}
