import type { IncomingMessage } from 'node:http';
import express, { Router, type Express } from 'express';
import helmet from 'helmet';
import { clientFiles } from './client-files.ts';
import { docsPage } from './docs-page.ts';
import { guardHost, guardToken, signIn, type Guarded } from './guard.ts';
import { homePage } from './home-page.ts';
import { openApi } from './openapi.ts';
import { pluginFrame } from './plugin-frame/plugin-frame.ts';
import { sendPage } from './send-page.ts';
import { answerNotFound, answerProblem } from './problem.ts';
import { mount, type Route } from './route.ts';
import { checkRoutes } from './routes/check.ts';
import { clientPartRoutes } from './routes/client-parts.ts';
import { compareRoutes } from './routes/compare.ts';
import { datasetImageRoutes } from './routes/dataset-images.ts';
import { datasetRoutes } from './routes/datasets.ts';
import { diffRoutes } from './routes/diff.ts';
import { engineRoutes } from './routes/engine.ts';
import { graphFileRoutes } from './routes/graph-files.ts';
import { graphHistoryRoutes } from './routes/graph-history.ts';
import { exportRoutes } from './routes/exports.ts';
import { fittedPartsRoutes } from './routes/fitted-parts.ts';
import { graphRoutes } from './routes/graphs.ts';
import { healthRoutes } from './routes/health.ts';
import { nodeRoutes } from './routes/nodes.ts';
import { pluginRoutes } from './routes/plugins.ts';
import { predictRoutes } from './routes/predict.ts';
import { previewRoutes } from './routes/preview.ts';
import { runRoutes } from './routes/runs.ts';
import { weightsRoutes } from './routes/weights.ts';
import { whyRoutes } from './routes/why.ts';
import type { Services } from './services.ts';
import { answerSignedOut } from './sign-in-page.ts';
import { textBody } from './text-body.ts';

export interface AppOptions extends Guarded {
  services: Services;
  /** How long a body of JSON may take to come in. */
  bodySeconds: number;
}

/** What pages may do: run and show what comes from here, be framed by nobody. */
const policy = {
  defaultSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  // Of plugins, each in a sandbox (plugin-frame.ts); whatever they try, they can go nowhere else.
  frameSrc: [({ headers }: IncomingMessage) => framesOf(headers.host)],
  imgSrc: ["'self'", 'data:', 'blob:'],
  objectSrc: ["'none'"],
  scriptSrc: ["'self'"],
  scriptSrcAttr: ["'none'"],
};

/** The HTTP side of the server: guards, the routes of the API, and the document that describes them. */
export function createApp({ token, hosts, services, bodySeconds }: AppOptions): Express {
  const { version, log } = services;
  const routes = routesOf(services);
  const description = openApi(routes, version);
  const home = homePage(routes, version);
  const open = new Set(routes.filter((one) => one.open).map(({ path }) => path));

  const api = Router();
  // Nobody else's to keep; its own, a client asks whether they are still right.
  api.use((_request, response, next) => void (response.set('Cache-Control', 'private, no-cache'), next()));
  api.use(guardToken(token, (path) => open.has(path)));
  api.use(textBody(bodySeconds));
  api.get('/openapi.json', (_request, response) => void response.json(description));
  api.get('/', (_request, response) => void sendPage(response, home));
  api.use('/docs', docsPage());
  mount(api, routes);
  api.use(answerNotFound);

  const app = express();
  app.disable('x-powered-by');
  app.use(pluginFrame());
  app.use(guardHost(hosts));
  app.use(helmet({ contentSecurityPolicy: { useDefaults: false, directives: policy }, strictTransportSecurity: false, xFrameOptions: { action: 'deny' } }));
  app.use('/api', api);
  app.use(signIn(token), guardToken(token, () => false));
  if (services.client) app.use(clientFiles(services.client));
  else app.get('/', (_request, response) => response.redirect('/api/'));
  app.use(answerNotFound);
  app.use(answerSignedOut, answerProblem(log));
  return app;
}

const framesOf = (host = ''): string => `'self' http://*.localhost${/:\d{1,5}$/.exec(host)?.[0] ?? ''}`;

function routesOf(services: Services): Route[] {
  return [...healthRoutes(services.version), ...graphRoutes(services), ...graphFileRoutes(services), ...graphHistoryRoutes(services), ...diffRoutes(services), ...checkRoutes(services), ...compareRoutes(services), ...nodeRoutes(services), ...pluginRoutes(services), ...clientPartRoutes(services), ...engineRoutes(services), ...datasetRoutes(services), ...datasetImageRoutes(services), ...weightsRoutes(services), ...previewRoutes(services), ...predictRoutes(services), ...whyRoutes(services), ...fittedPartsRoutes(services), ...runRoutes(services), ...exportRoutes(services)];
}
