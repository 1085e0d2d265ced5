// What every mail says, in HTML and in text.
import { describe, expect, test } from 'vitest';
import { assignmentMail } from '../../emails/assignment.tsx';
import { dateChangeMail, rectificationMail } from '../../emails/date-change.tsx';
import { digestMail } from '../../emails/digest.tsx';
import { escalationMail } from '../../emails/escalation.tsx';
import type { MailContent } from '../../emails/layout.tsx';
import { previews } from '../../emails/previews.ts';
import {
  many,
  sampleAssignment,
  sampleChange,
  sampleDesk,
  sampleDigest,
  sampleEscalation,
  sampleItem,
  sampleStuckMails,
  sampleWeekly,
  SITE,
} from '../../emails/samples.ts';
import { receiptMail } from '../../emails/receipt.tsx';
import { returnedMail } from '../../emails/returned.tsx';
import { stuckMailsMail } from '../../emails/stuck-mails.ts';
import { weeklyMail } from '../../emails/weekly.tsx';

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };

function decode(html: string): string {
  return html.replace(/&([#\w]+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}

/** What a reader sees in the open HTML: one entry per piece of text, without the preheader. */
function shown({ html }: MailContent): string[] {
  return html
    .slice(html.indexOf('<body'))
    .replace(/<div style="display:none[^>]*>[^<]*<div>[^<]*<\/div><\/div>/, '')
    .replace(/<!--.*?-->/gs, '')
    .replace(/<\/?(?:br|span|strong)\b[^>]*>/g, ' ')
    .split(/<[^>]*>/)
    .map((piece) => decode(piece).trim())
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece));
}

/** The words alone: marks, capitals and line ends are each part's own affair. */
function words(text: string): string {
  return ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}

/** What only HTML needs: the name of the system at the top and the headings of columns. */
const HTML_ONLY = new Set(['Seguimiento de Convenios · INE–IEM', 'Fecha', 'Obligación', 'Evento']);

const mails = previews.map(({ id, render }) => ({ id, mail: render() }));

describe.each(mails)('$id', ({ mail }) => {
  test('whatever the HTML says, the text says too', () => {
    const text = words(mail.text);
    const missing = shown(mail).filter((piece) => !HTML_ONLY.has(piece) && !text.includes(words(piece)));
    expect(missing).toEqual([]);
  });

  test('every link of the HTML is in the text, and every date, key and link of the text is in the HTML', () => {
    const links = [...mail.html.matchAll(/href="([^"]*)"/g)].map(([, url = '']) => decode(url));
    for (const url of links) expect(mail.text.split(/\s+/)).toContain(url);
    const seen = words([...shown(mail), ...links].join(' '));
    const facts =
      /https:\S+|\b[A-Z]{1,3}-[\w-]*\d|\d{1,2} de \p{Ll}+ de \d{4}|\d{1,2} \p{Ll}{3} \d{4}|\d{1,2}:\d\d h/gu;
    for (const [fact] of mail.text.replaceAll(/ ?\n +| \n/g, ' ').matchAll(facts))
      expect(seen).toContain(words(fact));
  });

  test('the subject is one line of at most 78 characters', () => {
    expect(mail.subject).toMatch(/^\S[^\p{Cc}]*\S$/u);
    expect(Array.from(mail.subject).length).toBeLessThanOrEqual(78);
  });

  test('no line of the text is wider than 76 columns, save an address alone on its line', () => {
    const wide = mail.text.split('\n').filter((line) => Array.from(line).length > 76);
    expect(wide.filter((line) => !/^https:\S+$/.test(line))).toEqual([]);
  });

  test('the HTML is one document in Mexican Spanish with one main heading and nothing to fetch', () => {
    expect(mail.html).toMatch(/^<!DOCTYPE html><html[^>]* lang="es-MX"/);
    expect(decode(/<title>(.*?)<\/title>/.exec(mail.html)?.[1] ?? '')).toBe(mail.subject);
    expect(mail.html.match(/<h1/g)).toHaveLength(1);
    expect(mail.html).not.toMatch(/<img|<script|<link|<iframe|src=|url\(|@import|http-equiv="refresh"/i);
  });

  test('tables lay out without a role of their own, or have headings with scope', () => {
    for (const [, attributes = '', content = ''] of mail.html.matchAll(/<table([^>]*)>(.*?)(?=<table|$)/gs)) {
      if (!attributes.includes('role="presentation"')) expect(content).toContain('scope="');
    }
    expect(mail.html.match(/<th(?![^>]* scope=")[ >]/g)).toBeNull();
  });

  test('closes with the institution, where a reply goes and that opening is not measured', () => {
    const text = words(mail.text);
    expect(text).toContain(words('Instituto Electoral de Michoacán'));
    expect(text).toContain(
      words('Responder este correo llega a la Dirección de Vinculación; no registra cumplimiento.'),
    );
    expect(text).toContain(words('No medimos si abriste este correo.'));
  });
});

describe('a mail with thousands of things to tell', () => {
  const MANY = 5000;
  const times = <Row>(rows: readonly Row[]) =>
    Array.from({ length: MANY }, (_, index) => rows[index % rows.length]!);
  const lots = many(MANY, 4);
  const receipt = {
    folio: 'R-1',
    title: 'Enviar la relación',
    ref: 'AT-B-3',
    citation: 'Anexo Técnico, numeral B.c',
    act_on: '2024-05-14',
    reported_at_local: '2024-05-15T10:42',
    medium: 'Oficio',
    document_number: '1',
    note: '',
    files: [],
    family: times([{ folio: 'R-1-2', ref: 'AT-B-4', title: 'Enviar las actualizaciones' }]),
    review_days: 3,
    url: `${SITE}/acuses/R-1`,
    sha256: 'ab'.repeat(32),
  };
  const change = sampleChange();
  const cases: [string, () => MailContent][] = [
    [
      'digest',
      () =>
        digestMail({
          ...sampleDigest({
            returned: lots.map((item) => ({ ...item, reviewer_words: 'Falta el sello.' })),
            overdue: lots,
            today: lots,
            tomorrow: lots,
            this_week: lots,
            upcoming: lots,
          }),
          desk: { ...sampleDesk, reviews: times(sampleDesk.reviews), gaps: times(sampleDesk.gaps) },
        }),
    ],
    ['escalation', () => escalationMail(sampleEscalation(false, 'la persona titular', lots))],
    ['date change', () => dateChangeMail({ ...change, items: times(change.items) })],
    ['rectification', () => rectificationMail({ ...change, items: times(change.items) })],
    ['assignment', () => assignmentMail({ ...sampleAssignment, items: times(sampleAssignment.items) })],
    ['weekly', () => weeklyMail({ ...sampleWeekly, overdue: times(sampleWeekly.overdue) })],
    ['receipt', () => receiptMail(receipt)],
    ['stuck mails', () => stuckMailsMail({ ...sampleStuckMails, mails: times(sampleStuckMails.mails) })],
  ];

  test.each(cases)(
    '%s: tells some, says how many more there are, and weighs no more than 150 kB',
    (_, render) => {
      const { html, text } = render();
      expect(html.length + text.length).toBeLessThan(150_000);
      expect(text).toMatch(/Y 49\d\d más/);
    },
  );
});

describe('the mail of the morning', () => {
  test('no two rungs share a subject', () => {
    const reminders = [10, 5, 1, 0, -2].map((days) => sampleDigest({ upcoming: [sampleItem(days)] }));
    const climbs = (['+1', '+3', '+5'] as const).map((rung) =>
      sampleEscalation(rung === '+5', 'la persona titular', [sampleItem(-Number(rung))]),
    );
    const subjects = [...reminders.map(digestMail), ...climbs.map(escalationMail)].map(
      ({ subject }) => subject,
    );
    expect(new Set(subjects).size).toBe(8);
    expect(subjects.slice(0, 4)).toEqual([
      'Vence en 10 días (sáb 25 may): Entregar la lista nominal definitiva… — AT-C-4',
      'Vence en 5 días (lun 20 may): Entregar la lista nominal definitiva… — AT-C-4',
      'Vence mañana, jue 16 may: Entregar la lista nominal definitiva… — AT-C-4',
      'Vence HOY mié 15 may: Entregar la lista nominal definitiva… — AT-C-4',
    ]);
  });

  test('with several deadlines the subject counts them by urgency, for the area by its short name', () => {
    const { subject } = digestMail(
      sampleDigest({
        overdue: [sampleItem(-3)],
        tomorrow: [sampleItem(1), sampleItem(1)],
        this_week: [3, 3, 4, 4, 4].map((days) => sampleItem(days)),
      }),
    );
    expect(subject).toBe('Organización Electoral: 1 vencida, 2 vencen mañana, 5 esta semana');
  });

  test('tells at most five overdue ones and says how many are left', () => {
    const overdue = Array.from({ length: 12 }, (_, index) => sampleItem(-9, { ref: `AT-Z-${index + 1}` }));
    const { text, html } = digestMail(sampleDigest({ overdue }));
    expect(text).toContain('AT-Z-5');
    expect(text).not.toContain('AT-Z-6');
    for (const part of [text, html]) expect(part).toContain('Y 7 más, ver todas en mis obligaciones');
  });

  test('goes from what was returned to what comes next', () => {
    const { text } = previewed('digest-several');
    const headings = text.split('\n').filter((line) => /^[^\p{Ll}]+ \(\d+\)$/u.test(line));
    expect(headings).toEqual([
      'DEVUELTAS PARA CORREGIR (1)',
      'VENCIDAS (1)',
      'MAÑANA, JUEVES 16 DE MAYO DE 2024 (1)',
      'ESTA SEMANA (1)',
      'PRÓXIMAS (1)',
    ]);
  });

  test('a provisional date is never stated as firm, alone or among others', () => {
    const provisional = { provisional: ['falta el acuerdo'], title: 'Realizar el simulacro' };
    const alone = [-3, 0, 1, 5].map((days) => sampleDigest({ this_week: [sampleItem(days, provisional)] }));
    const among = sampleDigest({
      overdue: [sampleItem(-3, provisional)],
      today: [sampleItem(0, provisional)],
      tomorrow: [sampleItem(1, provisional)],
    });
    for (const mail of [...alone, among].map(digestMail)) {
      for (const part of [mail.subject, mail.text, mail.html]) {
        expect(part).not.toMatch(/\bvence\b|\bvenció|\bvencida|a más tardar/i);
        expect(part).toMatch(/fecha provisional/i);
      }
      expect(mail.text).toContain('La fecha puede cambiar: falta el acuerdo.');
    }
  });

  test('a clause not compared with the signed text says so', () => {
    for (const changes of [
      { today: [sampleItem(0, { to_verify: true })] },
      { upcoming: [9, 9].map((days) => sampleItem(days, { to_verify: true })) },
    ]) {
      expect(digestMail(sampleDigest(changes)).text).toContain('por cotejar');
    }
  });

  test('after an interruption of the service it says so, and not on other days', () => {
    const groups = { today: [sampleItem(0)] };
    const caughtUp = digestMail({ ...sampleDigest(groups), is_catch_up: true });
    expect(caughtUp.text).toContain('El servicio de avisos estuvo detenido.');
    expect(caughtUp.html).toContain('El servicio de avisos estuvo detenido.');
    expect(digestMail(sampleDigest(groups)).text).not.toContain('detenido');
  });

  test('with thirty deadlines it stays below the 102 KB at which Gmail cuts a message', () => {
    const wordy = previewed('digest-wordy');
    expect(Buffer.byteLength(wordy.html)).toBeLessThan(20_000);
    expect(Buffer.byteLength(previewed('digest-thirty').html)).toBeLessThan(102_000);
  });
});

describe('what the INE owes', () => {
  const item = sampleItem(-3, { owed_by_ine: true, obligor_area: 'Consejo Local en Michoacán' });

  test('is pending to be received, never overdue by us', () => {
    const climb = escalationMail(sampleEscalation(false, 'la Dirección de Vinculación', [item]));
    const reminder = digestMail(sampleDigest({ overdue: [item] }));
    for (const { subject, text } of [climb, reminder]) {
      expect(subject).toMatch(/^Pendiente de recibir del INE, hace 3 días/);
      expect(text).toContain('El Consejo Local en Michoacán, del INE, debía entregar');
      expect(text).toContain('Registrar la recepción de AT-C-4');
      expect(text).not.toMatch(/vencida/i);
    }
  });

  test('is counted apart in a list', () => {
    const { subject } = digestMail(sampleDigest({ overdue: [item, sampleItem(-1)] }));
    expect(subject).toBe('Organización Electoral: 1 vencida, 1 por recibir del INE');
  });
});

describe('an escalation', () => {
  test('says who is told, what was sent before and what is asked, without blame', () => {
    const { subject, text } = previewed('escalation-one');
    expect(subject).toBe('Vencida hace 3 días: Entregar la lista nominal… — se informa a la Dirección');
    const said = words(text);
    for (const sentence of [
      'El plazo venció y no hay reporte de cumplimiento registrado.',
      'Se avisó el 2, 7 y 11 de mayo (3 avisos aceptados por el servidor).',
      'Se pide: reportar el cumplimiento, o registrar la causa y la fecha en que se cumplirá.',
      'A partir de hoy, miércoles 15 de mayo de 2024, se informa a la Dirección de Vinculación.',
    ]) {
      expect(said).toContain(words(sentence));
    }
    expect(text).not.toMatch(/incumpl|\bomisi|neglig|urgente/i);
  });

  test('does not say that nothing was reported when the report was sent back', () => {
    const said = words(previewed('escalation-returned').text);
    expect(said).toContain(words('El plazo venció. El último reporte se devolvió para corregir'));
    expect(said).toContain(words('Prórroga solicitada el lunes 13 de mayo de 2024, sin resolver.'));
    expect(said).not.toContain(words('no hay reporte'));
  });

  test('from the fifth day it announces the report of the Comisión', () => {
    const items = [sampleItem(-5)];
    const { text } = escalationMail(sampleEscalation(true, 'la Secretaría Técnica', items));
    expect(words(text)).toContain(
      words('se informa a la Secretaría Técnica, y lo pendiente entra al informe de vencidas de la Comisión'),
    );
    expect(escalationMail(sampleEscalation(false, 'la Dirección', items)).text).not.toContain('informe');
  });

  test('with a long list of deadlines it tells ten and links to the rest', () => {
    const items = Array.from({ length: 13 }, (_, index) => sampleItem(-3, { ref: `AT-Z-${index + 1}` }));
    const { subject, text } = escalationMail(sampleEscalation(false, 'la Dirección de Vinculación', items));
    expect(subject).toBe('13 vencidas: se informa a la Dirección de Vinculación');
    expect(text).toContain('Y 3 más, ver todas en mis obligaciones');
    expect(text).not.toContain('AT-Z-11');
  });
});

test('the code to log in is not in the subject, opens the preheader and is whole in both parts', () => {
  const { subject, html, text } = previewed('login-code');
  expect(subject).not.toContain('048213');
  expect(html.slice(html.indexOf('<body'))).toMatch(/^[^]*?display:none[^>]*>048213 es tu código/);
  expect(html).toContain('>048213</p>');
  expect(text).toContain('TU CÓDIGO DE ACCESO: 048213\n');
});

test('an acuse says when the act took place and when it was reported, in local time', () => {
  const { subject, text } = previewed('receipt');
  expect(subject).toBe('Recibido R-0187: Enviar la relación de bodegas electorales (avisos detenidos)');
  expect(text).toContain('Fecha del acto  martes 14 de mayo de 2024');
  expect(text).toContain('Reportado       miércoles 15 de mayo de 2024, 10:42 h, tiempo del centro');
});

describe('what people wrote', () => {
  const hostile = '<script>alert(1)</script> & "cita" <b>\nFrom: otra línea\n> tercera';

  test('is escaped in HTML and literal in text', () => {
    const item = sampleItem(1, {
      title: hostile,
      why: hostile,
      also_told: [hostile],
      people: [{ post: hostile, name: hostile }],
    });
    const mails = [
      returnedMail({ item, reviewer_words: hostile, reviewer: hostile, url: item.url }),
      digestMail(sampleDigest({ returned: [{ ...item, reviewer_words: hostile }] })),
      digestMail(sampleDigest({ returned: [{ ...item, reviewer_words: hostile }], upcoming: [item] })),
      receiptMail({
        folio: 'R-1',
        title: hostile,
        ref: 'AT-C-4',
        citation: hostile,
        act_on: '2024-05-14',
        reported_at_local: '2024-05-15T10:42',
        medium: hostile,
        document_number: hostile,
        note: hostile,
        files: [{ name: hostile, bytes: 1, sha256: 'cd'.repeat(32) }],
        family: [{ folio: 'R-1-2', ref: hostile, title: hostile }],
        review_days: 3,
        url: item.url,
        sha256: 'ab'.repeat(32),
      }),
    ];
    for (const { html, text, subject } of mails) {
      expect(html).not.toMatch(/<script|<b>/);
      expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;cita&quot;');
      expect(text).toContain('<script>alert(1)</script> & "cita"');
      expect(subject).not.toContain('\n');
    }
  });

  test('keeps its line breaks when it is quoted', () => {
    const { text, html } = previewed('returned');
    expect(text).toContain(
      '    El oficio no trae sello de recibido.\n    Falta el anexo con las direcciones.',
    );
    expect(html).toContain('sello de recibido.<br/>Falta el anexo');
  });
});

function previewed(id: string): MailContent {
  const found = mails.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`No preview is called ${id}`);
  return found.mail;
}
