import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { deliverDue } from '../../jobs/delivery.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { handIn } from '../support/handed-in.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const DAY = '2024-05-15';

/** The value of a header on one line; undefined when the mail has none. */
const header = (raw: string, name: string) =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(raw)?.[1]?.replace(/\s+/g, ' ');

test('a mail names the deadlines it tells of, and all mails of one obligation are one thread', async () => {
  const { db } = await freshDatabase('demo');
  const sink = await smtpSink();
  await runPass(deliveryAt(db, morning(DAY), sink.url));
  const { rows: told } = await sql<{ message_id: string; deadlines: number[]; obligations: number[] }>`
    select m.message_id, jsonb_agg(distinct d.id) as deadlines, jsonb_agg(distinct d.obligation_id) as obligations
    from message m join notice n on n.message_id = m.id and n.state = 'accepted' join deadline d on d.id = n.deadline_id
    group by 1`.execute(db);
  for (const { message_id, deadlines, obligations } of told) {
    const { raw } = sink.received.find((mail) => mail.message_id === message_id)!;
    const named = header(raw, 'X-Convenio-Ocurrencia')!.split(', ').map(Number);
    expect(named).toEqual([...deadlines].sort((one, other) => one - other));
    const thread = obligations.length === 1 ? `<obligacion-${obligations[0]}@convenio.example>` : undefined;
    expect(header(raw, 'References')).toBe(thread);
    expect(header(raw, 'In-Reply-To')).toBe(thread);
  }
  expect(new Set(told.map(({ obligations }) => obligations.length === 1)).size).toBe(2);

  const { deadlines, obligations } = told.find(({ obligations }) => obligations.length === 1)!;
  await handIn(db, deadlines[0]!, morning(DAY), { example: false });
  await deliverDue(deliveryAt(db, morning(DAY), sink.url));
  const receipt = sink.received.at(-1)!.raw;
  expect(header(receipt, 'X-Convenio-Ocurrencia')).toBe(String(deadlines[0]));
  expect(header(receipt, 'References')).toBe(`<obligacion-${obligations[0]}@convenio.example>`);
});
