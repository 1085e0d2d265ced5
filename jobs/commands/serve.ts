// `convenio start`, `web` and `worker`: the parts that stay running until they are told to stop.
import { setFlagsFromString } from 'node:v8';
import { start, type Parts } from '../start.ts';
import type { Command, CommandInput } from './command.ts';

export const serveAll: Command = (input) => serve(input, { web: true, worker: true });
export const serveWeb: Command = (input) => serve(input, { web: true, worker: false });
export const serveWorker: Command = (input) => {
  // Measured on a morning of 27,000 mails: some 245 MB at most instead of 390, at the same speed. By itself the heap grows to
  // several times of what is in use before it is swept.
  setFlagsFromString('--heap-growing-percent=25');
  return serve(input, { web: false, worker: true });
};

/** Runs those parts until SIGINT or SIGTERM, and stops them in order. */
async function serve(
  { environment, options, print, log }: CommandInput,
  parts: Pick<Parts, 'web' | 'worker'>,
): Promise<number> {
  const stopped = stopSignal();
  const running = await start(environment, { ...parts, development: options['dev'] === true }, log);
  if (!parts.web) {
    print('El trabajador está en marcha.');
  } else {
    print(`Seguimiento de Convenios está en ${running.appUrl}`);
    print(
      running.demo
        ? `Demostración: elige ahí a una persona de ejemplo; su código llega al buzón, ${running.appUrl}/correos\nCtrl-C lo detiene todo.`
        : 'Entra con tu correo institucional; el código llega por correo.',
    );
  }
  await stopped;
  log('Deteniendo…');
  await running.close();
  return 0;
}

/** Resolves with the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
