// Telling that the database is away, or takes nothing in, from everything else that a statement may fail of.

/**
 * SQLSTATEs (PostgreSQL, appendix A): no connection, no resources (a full disk, memory, connections), an input or output
 * that failed, a server that ends or only reads.
 */
const AWAY = /^(?:08...|53...|58030|57P0[1235]|25006)$/;

/** What Node and node-postgres say where no server answered; the latter gives no code. */
const NO_CONNECTION = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
const CONNECTION_WORDS =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|La conexión con la base de datos dejó de responder)/;

/** Whether an error says that PostgreSQL is out of reach, or has no room, or takes nothing in; the same later may pass. */
export function databaseIsAway(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code !== 'string') return CONNECTION_WORDS.test(error.message);
  if (AWAY.test(code)) return true;
  // A missing local socket; the same code about a file has another cause.
  const connecting = code === 'ENOENT' && Reflect.get(error, 'syscall') === 'connect';
  return connecting || NO_CONNECTION.has(code);
}
