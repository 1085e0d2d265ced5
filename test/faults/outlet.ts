// A socket between the program and something it needs, which can be pulled out and put back.
import { connect, createServer, type Socket } from 'node:net';

export interface Outlet {
  port: number;
  /** Cuts every connection and refuses new ones. */
  pull(): Promise<void>;
  /** Takes connections again, on the same port. */
  restore(): Promise<void>;
}

/** Passes connections on to a port of this machine. */
export async function openOutlet(target: number): Promise<Outlet> {
  const sockets = new Set<Socket>();
  const server = createServer((inside) => {
    const outside = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  await listen(0);
  const address = server.address();
  const port = address !== null && typeof address !== 'string' ? address.port : 0;
  return {
    port,
    async pull() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    restore: () => listen(port),
  };
}
