// Reporting compliance over HTTP as somebody without scripts does: the form, the last look, the button that sends it.
import type { Client } from './client.ts';

export type Typed = Record<string, string>;

/** A report that has nothing wrong with it on the demo's first day. */
export const GOOD_REPORT: Typed = {
  fulfilment: 'full',
  act_on: '2024-05-14',
  act_time: '',
  medium: 'letter',
  document_number: 'IEM-DEOE-123/2024',
  note: '',
};

export interface TestFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  type?: string;
}

/** Posts the report form as a browser does, with files. `also` and `remove` may come several times. */
export function postReport(
  client: Client,
  deadlineId: number,
  typed: Typed,
  files: TestFile[] = [],
  lists: { also?: number[]; remove?: string[] } = {},
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(typed)) form.append(name, value);
  for (const id of lists.also ?? []) form.append('also', String(id));
  for (const sha256 of lists.remove ?? []) form.append('remove', sha256);
  for (const { name, bytes, type } of files)
    form.append('files', new File([bytes], name, { type: type ?? '' }));
  return client.send(`/vencimientos/${deadlineId}/reportar`, { method: 'POST', body: form });
}

/** What the page of the last look would send. */
export async function formKeyOf(client: Client, deadlineId: number): Promise<string> {
  const page = await client.page(`/vencimientos/${deadlineId}/reportar/enviar`);
  const key = /name="form_key" value="([^"]+)"/.exec(page)?.[1];
  if (!key) throw new Error(`There is nothing to send for deadline ${deadlineId}`);
  return key;
}

/** Sends a draft as it was seen. */
export function sendDraft(client: Client, deadlineId: number, form_key: string): Promise<Response> {
  return client.post(`/vencimientos/${deadlineId}/reportar/enviar`, { form_key });
}

/** The whole way; the answer of the step that ended it. */
export async function reportCompliance(
  client: Client,
  deadlineId: number,
  typed: Typed = GOOD_REPORT,
  files: TestFile[] = [],
  lists: { also?: number[] } = {},
): Promise<Response> {
  const saved = await postReport(client, deadlineId, typed, files, lists);
  if (saved.status !== 303) return saved;
  return sendDraft(client, deadlineId, await formKeyOf(client, deadlineId));
}
