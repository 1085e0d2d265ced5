// `convenio start`, `web` and `worker`: the parts that stay running until they are told to stop.
import { start, type Parts } from '../start.ts';
import type { Command } from './command.ts';

/** A command that runs those parts until SIGINT or SIGTERM, and stops them in order. */
export function serveCommand(parts: Pick<Parts, 'web' | 'worker'> & { name: string; summary: string }): Command {
  return {
    usage: `${parts.name}${parts.web ? ' [--dev]' : ''}`,
    summary: parts.summary,
    ...(parts.web ? { options: { dev: { type: 'boolean' } } } : {}),
    async run({ environment, options, print, log }) {
      const stopped = stopSignal();
      const running = await start(environment, { ...parts, development: options['dev'] === true }, log);
      if (parts.web) {
        print(`Seguimiento de Convenios está en ${running.appUrl}`);
        if (running.demo) {
          print('Demostración: abre esa dirección y elige a una persona de ejemplo; su código llega al buzón de la');
          print(`demostración, ${running.appUrl}/correos. Ctrl-C lo detiene todo.`);
        } else {
          print('Entra con tu correo institucional; el código llega por correo.');
        }
      } else {
        print('El trabajador está en marcha.');
      }
      await stopped;
      log('Deteniendo…');
      await running.close();
      return 0;
    },
  };
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
