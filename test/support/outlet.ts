// A socket between the program and something it needs, which can be pulled out, put back, or fall silent.
import { connect, createServer, type Socket } from 'node:net';

export interface Outlet {
  port: number;
  /** Cuts every connection and refuses new ones. */
  pull(): Promise<void>;
  /** Takes connections again, on the same port. */
  restore(): Promise<void>;
  /**
   * Swallows whatever comes, over the connections there are and those that come, without closing any. What is returned
   * lets new connections through again; those of before stay silent.
   */
  swallow(): () => void;
}

/** Passes connections on to a port of this machine. */
export async function openOutlet(target: number): Promise<Outlet> {
  const sockets = new Set<Socket>();
  let swallowing = false;
  const keep = (socket: Socket, other?: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other?.destroy();
    });
  };
  const server = createServer((inside) => {
    if (swallowing) {
      keep(inside);
      inside.resume();
      return;
    }
    const outside = connect(target, '127.0.0.1');
    keep(inside, outside);
    keep(outside, inside);
    inside.pipe(outside);
    outside.pipe(inside);
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
    swallow() {
      swallowing = true;
      for (const socket of sockets) socket.unpipe().resume();
      return () => (swallowing = false);
    },
  };
}
