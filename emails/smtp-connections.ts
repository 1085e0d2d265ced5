// Owns the connections to the mail server: a few at once, each carrying one message after the other.
import { isTransientError, type NodemailerError } from 'nodemailer/lib/errors';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection from 'nodemailer/lib/smtp-connection';

/** Messages one connection carries before it is closed; many servers ask for a new one at about this number. */
const MOST_MESSAGES = 100;
/** Milliseconds before an idle connection is closed: sooner than a server does (RFC 5321 §4.5.3.2.7, 5 minutes). */
const IDLE_MILLISECONDS = 4 * 60_000;

export interface SmtpOptions {
  maxConnections?: number;
  /** Milliseconds to connect and be greeted. */
  greetingTimeout?: number;
  /** Milliseconds of silence, also after the final dot: RFC 5321 §4.5.3.2.6 asks for 10 minutes there. */
  dataTimeout?: number;
}

/** The server's last reply, or why there is none; after the data prompt (354) it may have the message even so. */
export type Transmission =
  { sent: true; response: string } | { sent: false; error: unknown; sawDataPrompt: boolean };

export interface SmtpConnections {
  /**
   * Sends one message to one recipient as soon as a connection is free; undefined, and nothing is sent, when by then
   * `stillWanted` says no. Never rejects.
   */
  send(
    from: string,
    to: string,
    message: Buffer,
    stillWanted: () => boolean,
  ): Promise<Transmission | undefined>;
  /** Connects and logs in; rejects when the server does not let us. */
  verify(): Promise<void>;
  close(): void;
}

interface Line {
  connection: SMTPConnection;
  messages: number;
  /** The server asked for the data of the message under way. */
  sawDataPrompt: boolean;
  idleTimer?: NodeJS.Timeout;
}

/**
 * Connections to `smtp://user:password@host:port` (`smtps:` for TLS from the start), opened when they are needed. A
 * message whose idle connection turned out to be closed goes once over a new one, since no byte of it had left.
 */
export function smtpConnections(url: string, options: SmtpOptions): SmtpConnections {
  const { maxConnections = 5, greetingTimeout = 30_000, dataTimeout = 600_000 } = options;
  const { auth, ...server } = parseConnectionUrl(url);
  const lines = new Set<Line>();
  const idle: Line[] = [];
  const queue: (() => void)[] = [];
  let places = maxConnections;
  let closed = false;
  /** The first log-in, for which the others wait: a password that is refused is tried once, not on every connection. */
  let admission: Promise<unknown> | undefined;

  async function open(): Promise<Line> {
    if (closed) throw new Error('The connections to the mail server are closed');
    const connection = new SMTPConnection({
      ...server,
      connectionTimeout: greetingTimeout,
      greetingTimeout,
      socketTimeout: dataTimeout,
      // A time-out before 354 and one after the final dot are the same error; only the log tells them apart.
      transactionLog: true,
      logger: {
        debug: ({ tnx }: { tnx?: string }, reply: string) => {
          if (tnx === 'server' && reply.startsWith('354')) line.sawDataPrompt = true;
        },
      },
    });
    const line: Line = { connection, messages: 0, sawDataPrompt: false };
    lines.add(line);
    // Without a listener the error of an idle connection would end the program.
    connection.on('error', () => undefined);
    connection.once('end', () => {
      lines.delete(line);
      unshelve(line);
    });
    try {
      await step(connection, (done) => connection.connect(done));
      if (auth && connection.allowsAuth) await logIn(connection, auth);
    } catch (error) {
      connection.close();
      throw error;
    }
    return line;
  }

  /** Rejects with the first log-in when that is refused. */
  async function logIn(connection: SMTPConnection, credentials: SMTPConnection.Credentials): Promise<void> {
    // Nothing may come between the question and the answer below.
    if (admission) await admission;
    const login = step(connection, (done) => connection.login(credentials, done));
    admission ??= login;
    try {
      await login;
    } catch (error) {
      admission = undefined;
      throw error;
    }
  }

  async function transmit(line: Line, from: string, to: string, message: Buffer): Promise<Transmission> {
    const { connection } = line;
    line.messages += 1;
    line.sawDataPrompt = false;
    try {
      const sent = await step<{ response: string }>(connection, (done) =>
        connection.send({ from, to: [to] }, message, done),
      );
      shelve(line);
      return { sent: true, response: sent.response };
    } catch (error) {
      const { sawDataPrompt } = line;
      if (connection.destroyed || !isAboutTheMessage(error)) connection.close();
      else {
        // The server refused this message, not us.
        await step(connection, (done) => connection.reset(done)).then(
          () => shelve(line),
          () => connection.close(),
        );
      }
      return { sent: false, error, sawDataPrompt };
    }
  }

  /** Keeps a connection for the next message. */
  function shelve(line: Line): void {
    if (line.messages >= MOST_MESSAGES) return line.connection.quit();
    idle.push(line);
    line.idleTimer = setTimeout(() => {
      unshelve(line);
      line.connection.quit();
    }, IDLE_MILLISECONDS).unref();
  }

  function unshelve(line: Line): void {
    clearTimeout(line.idleTimer);
    const place = idle.indexOf(line);
    if (place >= 0) idle.splice(place, 1);
  }

  async function takePlace(): Promise<void> {
    if (places > 0) places -= 1;
    else await new Promise<void>((resolve) => queue.push(resolve));
  }

  function leavePlace(): void {
    const next = queue.shift();
    if (next) next();
    else places += 1;
  }

  return {
    async send(from, to, message, stillWanted) {
      await takePlace();
      try {
        if (!stillWanted()) return undefined;
        const used = idle.at(-1);
        if (used) {
          unshelve(used);
          const first = await transmit(used, from, to, message);
          if (first.sent || first.sawDataPrompt || !endedTheSession(first.error)) return first;
        }
        return await transmit(await open(), from, to, message);
      } catch (error) {
        return { sent: false, error, sawDataPrompt: false };
      } finally {
        leavePlace();
      }
    },
    async verify() {
      const line = await open();
      line.connection.quit();
    },
    close() {
      closed = true;
      for (const { connection } of lines) connection.close();
    },
  };
}

/** Runs one step of a conversation. An error of the connection, or its end, is the failure of the step. */
function step<Result>(
  connection: SMTPConnection,
  run: (done: (error?: Error | null, result?: Result) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    // A step that fails with the connection is told why right after the end.
    const ended = () => setImmediate(() => reject(new Error('The connection to the mail server was closed')));
    connection.once('error', reject);
    connection.once('end', ended);
    run((error, result) => {
      connection.off('error', reject);
      connection.off('end', ended);
      if (error) reject(error);
      else resolve(result as Result);
    });
  });
}

const isSmtpError = (error: unknown): error is NodemailerError => error instanceof Error;

/** Whether an error refused what was sent over a session, and the session goes on. */
function isAboutTheMessage(error: unknown): boolean {
  return isSmtpError(error) && !endedTheSession(error) && /^E(?:ENVELOPE|MESSAGE)$/.test(error.code ?? '');
}

function endedTheSession(error: unknown): boolean {
  return isSmtpError(error) && isTransientError(error);
}
