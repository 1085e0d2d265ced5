// The web server: what stands in front of every request before Remix sees it.
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createRequestHandler } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import compression from 'compression';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { EVIDENCE_BYTES, EVIDENCE_FILES } from '../domain/evidence.ts';
import type { Db } from '../../db/client.ts';
import type { EvidenceStore } from '../../db/evidence-store.ts';
import type { SecretSeal } from '../../db/secret-seal.ts';
import './access.ts';
import type { MailSample } from './mail-samples.ts';
import type { QueueDesk } from './queue-desk.ts';
import { answeringWhenAway } from './unavailable.ts';

export interface WebOptions {
  db: Db;
  evidence: EvidenceStore;
  seal: SecretSeal;
  demo: boolean;
  appUrl: string;
  /** Opens /metrics to whoever brings it. */
  metricsToken?: string | undefined;
  mailSamples: readonly MailSample[];
  queues: QueueDesk;
  host: string;
  port: number;
  build: ServerBuild | (() => Promise<ServerBuild>);
  /** Vite's middleware in development; otherwise the built client files are served. */
  development?: (server: Server) => Promise<RequestHandler>;
}

export interface Web {
  /** The port it listens on; the one asked for, or a free one when that was 0. */
  port: number;
  close(): Promise<void>;
}

/** Bytes a form of ours may weigh: the longest note and its fields, with room for their encoding. */
const FORM_BYTES = 200_000;

/** Seconds within which the body of a form must have arrived, and of one with files over a slow line. */
const FORM_SECONDS = 30;
const UPLOAD_SECONDS = 900;

interface HeavyForm {
  path: RegExp;
  bytes: number;
  /** Its files are measured again and written as they arrive; sent any other way it weighs what any form may. */
  streamed?: true;
}

/** Forms that bring files or a whole table, also as Remix's client sends them. */
const HEAVY_FORMS: HeavyForm[] = [
  { path: /^\/instrumentos\/[\w-]+\/adenda(?:\.data)?$/, bytes: 2_400_000 },
  {
    path: /^\/(?:vencimientos\/\d+\/reportar|acuses\/R-[\d-]+)(?:\.data)?$/,
    bytes: EVIDENCE_FILES * EVIDENCE_BYTES + 2 * FORM_BYTES,
    streamed: true,
  },
];

/** Milliseconds during which what a refused caller still sends is thrown away, so that the answer reaches them. */
const LINGER_MS = 2000;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Starts listening. Rejects when the port is taken. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', 'loopback');
  const server = createServer(app);
  server.headersTimeout = 15_000;
  // The guard of forms keeps shorter terms for each kind.
  server.requestTimeout = UPLOAD_SECONDS * 1000;

  app.use(
    securityHeaders(options),
    methodGuard,
    hostGuard(options),
    crossSiteGuard(options),
    formGuard,
    compression(),
  );
  if (options.development) {
    app.use(await options.development(server));
  } else {
    app.use(
      '/assets',
      express.static(`${ROOT}build/client/assets`, {
        immutable: true,
        maxAge: '1y',
        fallthrough: false,
        redirect: false,
      }),
    );
    app.use(express.static(`${ROOT}build/client`, { maxAge: '1h', index: false, redirect: false }));
  }
  const { build } = options;
  const remix = createRequestHandler({
    build:
      typeof build === 'function' ? async () => answeringWhenAway(await build()) : answeringWhenAway(build),
    mode: options.development ? 'development' : 'production',
    getLoadContext: (request, response) => ({
      db: options.db,
      evidence: options.evidence,
      seal: options.seal,
      demo: options.demo,
      appUrl: options.appUrl,
      metricsToken: options.metricsToken,
      mailSamples: options.mailSamples,
      queues: options.queues,
      cspNonce: String(response.locals['cspNonce']),
      ip: request.ip ?? 'desconocida',
    }),
  });
  app.all('*', (request, response, next) => void remix(request, response, next));
  app.use(lastResort);

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 2000).unref();
      }),
  };
}

/** The HTML of a mail, stored or a sample, shown in a sandboxed frame. */
const MAIL_BODY = /^\/(?:correos\/\d+|ajustes\/correos\/[\w-]+)\/html$/;

/** This machine's names for itself, as they arrive in Host. */
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

/** Answers that a person may see when a request never reaches Remix. */
function refuse(response: express.Response, status: number, message: string): void {
  response.status(status).type('text/plain; charset=utf-8').send(`${message}\n`);
}

const METHODS = new Set(['GET', 'HEAD', 'POST']);
const methodGuard: RequestHandler = (request, response, next) => {
  if (!METHODS.has(request.method)) {
    response.set('Allow', [...METHODS].join(', '));
    return refuse(response, 405, 'Método no admitido.');
  }
  try {
    decodeURIComponent(request.path);
  } catch {
    return refuse(response, 404, 'No encontramos esa página.');
  }
  // Remix's older way of asking for one route's data; no page of ours does.
  if ('_data' in request.query) return refuse(response, 400, 'No se entiende la petición.');
  next();
};

function securityHeaders({ appUrl, development }: WebOptions): RequestHandler {
  const secure = appUrl.startsWith('https:');
  return (request, response, next) => {
    const nonce = randomBytes(16).toString('base64');
    response.locals['cspNonce'] = nonce;
    // A mail in the demo's mailbox brings the policy of its own sandbox; two policies would both apply.
    if (!MAIL_BODY.test(request.path)) {
      response.set(
        'Content-Security-Policy',
        [
          "default-src 'self'",
          `script-src 'self' 'nonce-${nonce}'`,
          // Vite injects its styles while developing; built pages use files only.
          `style-src 'self'${development ? " 'unsafe-inline'" : ''}`,
          "img-src 'self' data:",
          `connect-src 'self'${development ? ' ws:' : ''}`,
          "object-src 'none'",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'self'",
        ].join('; '),
      );
    }
    response.set({
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
      ...(secure ? { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' } : {}),
    });
    next();
  };
}

/**
 * Only the host people were told is answered, or this machine's loopback names: whatever else arrives in Host
 * never reaches a link. Forwarded hosts are dropped, because Remix would believe them.
 */
function hostGuard({ appUrl }: WebOptions): RequestHandler {
  const expected = new URL(appUrl).host;
  return (request, response, next) => {
    delete request.headers['x-forwarded-host'];
    delete request.headers['forwarded'];
    const host = request.headers.host ?? '';
    if (host !== expected && !LOOPBACK.test(host)) return refuse(response, 421, 'Dirección desconocida.');
    next();
  };
}

/** Anything that writes must come from a page of ours (OWASP ASVS 5.0, 3.5.1). */
function crossSiteGuard({ appUrl }: WebOptions): RequestHandler {
  const expected = new URL(appUrl).origin;
  return (request, response, next) => {
    if (request.method !== 'POST') return next();
    const site = request.headers['sec-fetch-site'];
    const { host = '', origin } = request.headers;
    const ownOrigin = origin === expected || (LOOPBACK.test(host) && origin === `http://${host}`);
    const foreign =
      origin === undefined ? site !== undefined && site !== 'same-origin' && site !== 'none' : !ownOrigin;
    if (foreign || site === 'cross-site' || site === 'same-site') {
      return refuse(response, 403, 'El formulario llegó desde otro sitio y no se guardó nada.');
    }
    // Remix would compare it with Host again, which a proxy may have rewritten to a loopback name.
    delete request.headers.origin;
    next();
  };
}

const formGuard: RequestHandler = (request, response, next) => {
  if (request.method !== 'POST') return next();
  const heavy = HEAVY_FORMS.find(({ path }) => path.test(request.path));
  const multipart = heavy !== undefined && Boolean(request.is('multipart/form-data'));
  const streamed = multipart && heavy.streamed === true;
  const term = setTimeout(() => request.socket.destroy(), 1000 * (streamed ? UPLOAD_SECONDS : FORM_SECONDS));
  request.once('close', () => clearTimeout(term));
  response.once('finish', () => {
    // Answered before all of it came: Node would read on to the end, however much that is.
    if (request.complete) return;
    request.socket.end();
    setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  });
  if (!multipart && !request.is('application/x-www-form-urlencoded'))
    return refuse(response, 415, 'Formato no admitido.');
  const allowed = heavy && (multipart || !heavy.streamed) ? heavy.bytes : FORM_BYTES;
  const declared = Number(request.headers['content-length'] ?? Number.NaN);
  if (!(declared <= allowed)) {
    return refuse(
      response,
      Number.isNaN(declared) ? 411 : 413,
      streamed
        ? 'Los archivos son demasiado grandes: hasta 10, de 25 MB cada uno. No se guardó nada; vuelve atrás y envíalos de uno en uno.'
        : 'El formulario es demasiado grande.',
    );
  }
  next();
};

const lastResort: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  const status =
    error instanceof Object && 'status' in error && typeof error.status === 'number' ? error.status : 500;
  if (status >= 500) console.error(error);
  refuse(response, status, status === 404 ? 'No encontramos esa página.' : 'No se pudo atender la petición.');
};
