// The record of notices of a deadline as a document: to whom each went, when, what the server said, and its fingerprint.
import { viewDeadline } from '../components/deadline-view.ts';
import { instantWords, longInstantWords } from '../components/moment-words.ts';
import { answerWords, viewNotice } from '../components/notice-words.ts';
import { mailFolio } from '../domain/mail-folio.ts';
import { MAIL_WORDS } from '../domain/mail-words.ts';
import type { Moment } from '../domain/moment.ts';
import { standingCountWords, STANDING_WORDS, type NoticeStanding } from '../domain/notice-standing.ts';
import { section, type Column, type Outline, type OutlineSection } from '../domain/report-outline.ts';
import type { Db } from '../../db/client.ts';
import type { DeadlineRow } from '../../db/deadlines.ts';
import { listAnswers } from '../../db/notice-answers.ts';
import { listLedger, type LedgerRow } from '../../db/notice-ledger.ts';
import { listMailsOfDeadline, mailFingerprint, type StoredMail } from '../../db/stored-mail.ts';

const text = (name: string, width: number): Column => ({ name, kind: 'text', width });

/** Everything recorded about a deadline's notices up to the moment. */
export async function noticeProof(db: Db, moment: Moment, deadline: DeadlineRow): Promise<Outline> {
  const [ledger, mails, answers] = await Promise.all([
    listLedger(db, { deadline: deadline.id }),
    listMailsOfDeadline(db, deadline.id),
    listAnswers(db, deadline.id),
  ]);
  const notices = ledger.reverse();
  const view = viewDeadline(deadline, moment.today);
  const name = `Constancia de avisos ${deadline.ref}`;
  return {
    title: name,
    kicker: 'Seguimiento de Convenios INE–IEM',
    facts: [
      ['Obligación', `${deadline.ref} · ${deadline.title}`],
      ['Fundamento', `${view.citation} · ${deadline.legal_basis}`],
      ['Fecha límite', view.due ?? 'Sin fecha'],
      ['A cargo de', `${deadline.area_name} (${deadline.area_institution})`],
      ['Al corte', `${longInstantWords(moment.at)}, tiempo del centro`],
    ],
    verdict: [[`${standingCountWords(countStandings(notices))}.`]],
    sections: [
      mailSection(mails),
      ...(answers.length === 0
        ? []
        : [
            section('respuestas', 'Acuses y avisos pospuestos', {
              bullets: answers.map((answer) => answerWords(answer).words),
            }),
          ]),
      noticeSection(notices, deadline.version),
    ],
    signatures: [],
    draft: false,
    footer: [
      name,
      'Da cuenta de avisos por correo electrónico. No es una notificación en términos de la ley.',
    ],
    made_at: moment.at,
  };
}

function countStandings(notices: LedgerRow[]): Map<NoticeStanding, number> {
  const counts = new Map<NoticeStanding, number>();
  for (const { standing } of notices) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  return counts;
}

function noticeSection(notices: LedgerRow[], version: number): OutlineSection {
  if (notices.length === 0) {
    return section('avisos', 'Avisos', {
      paragraphs: [['No se ha planeado ningún aviso de este vencimiento.']],
    });
  }
  return section('avisos', 'Avisos', {
    tables: [
      {
        caption: 'Del más antiguo al más reciente, cada uno con el estado en que está',
        columns: [
          text('Día', 3),
          text('Aviso', 3),
          text('Cargo y persona', 5),
          text('Estado', 6),
          text('Correo', 3),
        ],
        rows: notices.map((notice) => {
          const { day, rung, to, capacity, standing, detail, mail, deadline } = viewNotice(notice);
          return [
            day,
            // What was told of a date that has moved since says which one.
            notice.deadline_version === version ? rung : `${rung} (entonces ${deadline.due})`,
            [capacity, to].filter(Boolean).join(': '),
            [standing, detail].filter(Boolean).join(' · '),
            mail ?? 'Sin correo',
          ];
        }),
      },
    ],
  });
}

function mailSection(mails: StoredMail[]): OutlineSection {
  if (mails.length === 0) {
    return section('correos', 'Correos', { paragraphs: [['Todavía no se ha preparado ningún correo.']] });
  }
  return section('correos', 'Correos', {
    paragraphs: [
      [
        'La huella es el SHA-256 del mensaje guardado: la Dirección lo descarga en el libro de avisos, con su folio. Un correo puede avisar también de otros vencimientos.',
      ],
    ],
    tables: [
      {
        caption: 'Cada correo con lo que respondió el servidor',
        columns: [
          text('Folio y clase', 4),
          text('Para', 4),
          text('Estado', 5),
          text('Message-ID y huella SHA-256', 7),
        ],
        rows: mails.map((mail) => [
          `${mailFolio(mail)} · ${MAIL_WORDS[mail.kind]}`,
          `${mail.person_name} ${mail.to_address === null ? '' : `<${mail.to_address}>`}`.trim(),
          mailStanding(mail),
          mail.message_id === null
            ? 'Sin componer'
            : `${mail.message_id} ${mailFingerprint(mail) ?? 'El contenido ya no se conserva'}`,
        ]),
      },
    ],
  });
}

function mailStanding({ state, closed_at, reply, reason, possible_duplicate }: StoredMail): string {
  return [
    STANDING_WORDS[state].word,
    closed_at && instantWords(closed_at),
    state === 'bounced' ? reason : (reply ?? reason),
    possible_duplicate && 'posible duplicado',
  ]
    .filter(Boolean)
    .join(' · ');
}
