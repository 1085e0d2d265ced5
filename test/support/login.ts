// Logging in, step by step, as a caller without JavaScript does it.
import { vi } from 'vitest';
import type { Client } from './client.ts';

export interface AskedCode {
  /** Address of the form that takes the code. */
  form: string;
  challenge: string;
}

/** Asks for a code to be sent to an address. */
export async function askForCode(client: Client, email: string): Promise<AskedCode> {
  const answer = await client.post('/entrar', { correo: email, ir: '/' });
  const form = answer.headers.get('location');
  if (answer.status !== 303 || form === null) throw new Error(`${email} was answered ${answer.status}`);
  return { form, challenge: new URL(form, 'http://convenio.example').searchParams.get('d') ?? '' };
}

/** The code of a request, read in the demo's mailbox as soon as it is there. */
export function readCode(reader: Client, email: string, { challenge }: AskedCode): Promise<string> {
  return vi.waitUntil(
    async () => {
      const list = await reader.page(`/correos?direccion=${encodeURIComponent(email)}`);
      for (const [, path] of list.matchAll(/href="(\/correos\/\d+)"[^>]*>Tu código/g)) {
        const mail = await reader.page(path!);
        if (mail.includes(challenge)) return /CÓDIGO DE ACCESO: (\d{6})/.exec(mail)?.[1];
      }
      return undefined;
    },
    { timeout: 30_000, interval: 50 },
  );
}

/** Sends the form with a code typed into it. */
export function typeCode(client: Client, { form, challenge }: AskedCode, codigo: string): Promise<Response> {
  return client.post(form, { codigo, d: challenge, ir: '/' });
}
