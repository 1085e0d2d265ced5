// Forms with a file written byte by byte: those that break off, that do not end, or that are no form at all.
import { connect, type Socket } from 'node:net';

const BOUNDARY = 'frontera';
export const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;

const part = (name: string, value: string, head = '') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n${head}\r\n${value}\r\n`;

/** A whole form of these fields; `head` are more lines at the head of each. */
export function formOf(pairs: readonly (readonly [string, string])[], head = ''): string {
  return `${pairs.map(([name, value]) => part(name, value, head)).join('')}--${BOUNDARY}--\r\n`;
}

/** A form of these fields up to its file, whose bytes do not end. */
export function openForm(typed: Record<string, string>): string {
  const fields = Object.entries(typed).map(([name, value]) => part(name, value));
  return `${fields.join('')}--${BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="x.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n`;
}

/** A form cut off within the head of a field. */
export const CUT_IN_HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; na`;

/** A connection that has begun to post a form of so many bytes, and sent none of them. */
export function beginPost({ hostname, port, pathname }: URL, cookie: string, length: number): Socket {
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nCookie: ${cookie}\r\n` +
      `Content-Type: ${MULTIPART}\r\nContent-Length: ${length}\r\n\r\n`,
  );
  return socket;
}

/** Sends a form's beginning and then at most so many bytes, until an answer comes: it, and how many were sent by then. */
export function pour(
  socket: Socket,
  beginning: string,
  most: number,
): Promise<{ answer: string; sent: number }> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    let answer = '';
    const more = Buffer.alloc(64 * 1024, 0x20);
    const next = () => {
      if (answer !== '' || sent >= most) return;
      sent += more.length;
      if (socket.write(more)) setImmediate(next);
      else socket.once('drain', next);
    };
    socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
    socket.on('error', (error) => (answer === '' ? reject(error) : undefined));
    socket.on('close', () => resolve({ answer, sent }));
    socket.on('end', () => socket.end());
    socket.write(beginning);
    next();
  });
}
