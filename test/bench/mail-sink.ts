// The mail server of the bench (sink.ts), started in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Taken } from './sink.ts';

export interface Sink {
  url: string;
  /** How much it has taken so far. */
  taken(): Promise<Taken>;
  close(): void;
}

export async function startSink(): Promise<Sink> {
  const sink = fork(fileURLToPath(new URL('sink.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  const [{ port }] = (await once(sink, 'message')) as [{ port: number }];
  return {
    url: `smtp://127.0.0.1:${port}`,
    async taken() {
      sink.send('how many?');
      const [taken] = (await once(sink, 'message')) as [Taken];
      return taken;
    },
    close: () => sink.disconnect(),
  };
}
