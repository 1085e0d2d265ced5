// The environment variables the program understands, read once at start.
import { z } from 'zod';
import { parseBucketAddress, type BucketAddress } from '../db/evidence-bucket.ts';
import { parseKey } from '../db/secret-seal.ts';

export interface Environment {
  port: number;
  dataDir: string;
  /** Without it the embedded PostgreSQL of the demo is used. */
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  smtpUrl: string | undefined;
  /** Where people reach the program, without a trailing slash; links in mails start with it. */
  appUrl: string;
  /** Address the mails come from. */
  mailFrom: string;
  /** Opens /metrics to other machines; without it only this one may read them. */
  metricsToken: string | undefined;
  /** Without it evidence stays in the data folder. */
  evidenceBucket: BucketAddress | undefined;
  /** Encrypts the secrets of second factors; without it a key is made in the data folder. */
  secretKey: Buffer | undefined;
  /** Address to listen on; loopback unless told otherwise. */
  host: string;
}

const url = (...protocols: string[]) =>
  z.string().refine(
    (text) => {
      try {
        const parsed = new URL(text);
        return protocols.includes(parsed.protocol) && parsed.hostname !== '';
      } catch {
        return false;
      }
    },
    { error: `debe ser una dirección ${protocols.map((protocol) => `${protocol}//…`).join(' o ')}` },
  );

const VARIABLES = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, { error: 'debe ser un número de puerto de 0 a 65535' })
    .transform(Number)
    .refine((port) => port <= 65535, { error: 'debe ser un número de puerto de 0 a 65535' })
    .default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, { error: 'debe ser una dirección o un nombre de equipo' })
    .default('127.0.0.1'),
  DATA_DIR: z.string().min(1, { error: 'no puede estar vacía' }).default('.data'),
  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  REDIS_URL: url('redis:', 'rediss:').optional(),
  SMTP_URL: url('smtp:', 'smtps:').optional(),
  APP_URL: url('http:', 'https:').optional(),
  MAIL_FROM: z.email({ error: 'debe ser una dirección de correo' }).optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/=-]{16,200}$/, { error: 'debe tener de 16 a 200 letras, cifras o signos . ~ + / = - _' })
    .optional(),
  SECRET_KEY: z
    .string()
    .transform((text, context) => {
      const key = parseKey(text);
      if (!key) context.addIssue('debe ser una clave de 32 bytes en base64 (openssl rand -base64 32)');
      return key;
    })
    .optional(),
  EVIDENCE_S3_URL: z
    .string()
    .transform((text, context) => {
      const address = parseBucketAddress(text);
      if (!address) context.addIssue('debe ser https://CLAVE:SECRETO@servidor/depósito?region=…');
      return address;
    })
    .optional(),
});

/** Thrown when a variable is bad; its message names each variable, never its value. */
export class EnvironmentError extends Error {}

/** Reads the variables from `source` (as a rule `process.env`). Empty ones count as absent. */
export function readEnvironment(source: Record<string, string | undefined>): Environment {
  const given = Object.fromEntries(
    Object.keys(VARIABLES.shape).flatMap((name) =>
      source[name]?.trim() ? [[name, source[name].trim()]] : [],
    ),
  );
  const parsed = VARIABLES.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new EnvironmentError(`La configuración tiene errores y no se inició nada:\n${lines.join('\n')}`);
  }
  const {
    PORT,
    HOST,
    DATA_DIR,
    DATABASE_URL,
    REDIS_URL,
    SMTP_URL,
    APP_URL,
    MAIL_FROM,
    METRICS_TOKEN,
    SECRET_KEY,
    EVIDENCE_S3_URL,
  } = parsed.data;
  const appUrl = (APP_URL ?? `http://127.0.0.1:${PORT}`).replace(/\/+$/, '');
  return {
    port: PORT,
    host: HOST,
    dataDir: DATA_DIR,
    databaseUrl: DATABASE_URL,
    redisUrl: REDIS_URL,
    smtpUrl: SMTP_URL,
    appUrl,
    metricsToken: METRICS_TOKEN,
    secretKey: SECRET_KEY,
    evidenceBucket: EVIDENCE_S3_URL,
    mailFrom: MAIL_FROM ?? `avisos@${mailDomain(appUrl)}`,
  };
}

/** The host of the address people use; an IP or a bare name cannot receive mail, so those become a reserved domain. */
function mailDomain(appUrl: string): string {
  const { hostname } = new URL(appUrl);
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$/.test(hostname) ? hostname : 'convenio.example';
}
