// Putting the program together: which parts run in this process, in which order they start and stop.
import type { Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import { now } from '../db/clock.ts';
import { openDatabase, type OpenDatabase } from '../db/database.ts';
import { openEvidenceStore } from '../db/evidence-store.ts';
import { secretSeal } from '../db/secret-seal.ts';
import { mailboxMailer, smtpMailer, type Mailer } from '../emails/mailer.ts';
import { previews } from '../emails/previews.ts';
import type { Delivery } from './delivery.ts';
import type { Environment } from './environment.ts';
import { startJanitor } from './janitor.ts';
import { prepareDemo } from './demo.ts';
import { ensureBuilt, loadBuild } from './page-build.ts';
import { openQueueDesk } from './queue-desk.ts';
import { openSenderMark } from './sender-mark.ts';
import { startWorker } from './worker.ts';

export interface Parts {
  web: boolean;
  worker: boolean;
  development: boolean;
}

export interface Running {
  appUrl: string;
  demo: boolean;
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/**
 * Starts the asked parts in this process and resolves when they are ready. Rejects with a Spanish message, with
 * nothing left running, when one of them cannot start.
 */
export async function start(
  environment: Environment,
  parts: Parts,
  log: (line: string) => void,
): Promise<Running> {
  if (parts.web && !parts.development) await ensureBuilt(log);
  let { appUrl } = environment;
  const closers: (() => Promise<void> | void)[] = [];
  const close = async () => {
    // In the reverse order of their start: nobody loses the database while still at work.
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const database = await openDatabase({ ...environment, log });
    closers.push(() => database.close());
    const demo = database.kind === 'demo';
    if (demo) await prepareDemo(database.db, log);
    const evidence = await openEvidenceStore(
      join(environment.dataDir, 'evidence'),
      environment.evidenceBucket,
    );
    if (parts.web) {
      const { startWeb } = await import('../app/server/http.ts');
      const web = await startWeb({
        db: database.db,
        evidence,
        seal: secretSeal({ key: environment.secretKey, file: join(environment.dataDir, 'secret-key') }),
        demo,
        appUrl: environment.appUrl,
        metricsToken: environment.metricsToken,
        mailSamples: previews,
        queues: openQueueDesk({ redisUrl: environment.redisUrl, databaseUrl: database.url }),
        host: environment.host,
        port: environment.port,
        ...(await serverBuild(parts.development, closers)),
      });
      closers.push(() => web.close());
      // Port 0 asks for any free one.
      if (environment.port === 0) appUrl = appUrl.replace(/:0$/, `:${web.port}`);
    }
    if (parts.worker) {
      const janitor = startJanitor(database.db, evidence, log);
      closers.push(() => janitor.close());
      const mailer = chooseMailer(environment, database);
      if (!mailer) {
        log('Falta SMTP_URL: los correos se quedan en la bandeja de salida hasta que la haya.');
      } else {
        closers.push(() => mailer.close());
        const worker = startWorker({
          delivery: deliveryOf(environment, database, mailer, log),
          databaseUrl: database.url,
          redisUrl: environment.redisUrl,
        });
        closers.push(() => worker.close());
      }
    }
    return { appUrl, demo, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Real SMTP when there is an address for it; in a demo the built-in mailbox; otherwise nothing can be sent. */
export function chooseMailer({ smtpUrl }: Environment, { kind }: OpenDatabase): Mailer | undefined {
  if (smtpUrl) return smtpMailer(smtpUrl);
  return kind === 'demo' ? mailboxMailer() : undefined;
}

/** What delivery needs, with the installation's own clock. */
export function deliveryOf(
  environment: Environment,
  { db, kind }: OpenDatabase,
  mailer: Mailer,
  log: (line: string) => void,
): Delivery {
  return {
    db,
    mailer,
    clock: () => now(db),
    appUrl: environment.appUrl,
    mailFrom: environment.mailFrom,
    scrubSecrets: kind === 'production',
    log,
    mark: openSenderMark(environment.dataDir),
  };
}

async function serverBuild(development: boolean, closers: (() => Promise<void> | void)[]) {
  if (!development) return { build: await loadBuild() };
  const { createServer } = await import('vite');
  let vite: Awaited<ReturnType<typeof createServer>> | undefined;
  return {
    build: async () => (await vite!.ssrLoadModule('virtual:remix/server-build')) as ServerBuild,
    development: async (server: Server) => {
      vite = await createServer({ root: ROOT, server: { middlewareMode: true, hmr: { server } } });
      closers.push(() => vite!.close());
      return vite.middlewares;
    },
  };
}
