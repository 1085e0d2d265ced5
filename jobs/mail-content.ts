// Turns the facts of a claimed message into the mail a person reads.
import type { DeadlineRow } from '../db/deadlines.ts';
import type { Handover } from '../db/handovers.ts';
import { toldKey, type MailFacts, type NextRung } from '../db/mail-facts.ts';
import type { ClaimedMessage } from '../db/messages.ts';
import type { NoticeFacts } from '../db/true-notices.ts';
import { isAttended, type Attention } from '../app/domain/attention.ts';
import { reachedAddressee, type Above } from '../app/domain/contacts.ts';
import { parseRungKey, type Ladder, type Rung } from '../app/domain/ladder.ts';
import { partsOf, type PartKey } from '../app/domain/handover-outline.ts';
import { mailFolio } from '../app/domain/mail-folio.ts';
import type { Moment } from '../app/domain/moment.ts';
import {
  addDays,
  formatHour,
  formatLongDate,
  localDateTime,
  weekday,
  weekdayName,
} from '../app/domain/plain-date.ts';
import type { DeadlineItem } from '../emails/deadline-item.ts';
import type { DeskProps } from '../emails/desk.tsx';
import type { HandoverProps } from '../emails/handover.ts';
import { digestMail, type DigestProps, type ReturnedItem } from '../emails/digest.tsx';
import { escalationMail, type EscalationProps } from '../emails/escalation.tsx';
import type { MailContent } from '../emails/layout.tsx';

/** What every mail is composed with. */
export interface Compose {
  moment: Moment;
  appUrl: string;
}

/** What a morning's mail says besides its notices. */
export interface Besides {
  /** What waits for the reader as part of the Dirección. */
  desk: DeskProps | undefined;
  /** How many deadlines of the reader's areas wait for an event. */
  waiting: number;
  /** The posts the reader is new in. */
  handovers?: Handover[] | undefined;
}

/** Where the audit record stood: whoever keeps the mail can show that nothing before it was rewritten. */
export const sealWords = ({ seq, hash }: MailFacts['audit']) => `Bitácora al asiento ${seq}:\n${hash}`;

const { compare: inOrder } = new Intl.Collator();

/** The morning's mail of a person, or undefined when none of its notices is true any more and it hands nothing over. */
export function noticeMail(
  message: ClaimedMessage,
  facts: MailFacts,
  { moment, appUrl }: Compose,
  { desk, waiting, handovers = [] }: Besides,
): MailContent | undefined {
  const notices = facts.notices.get(message.id) ?? [];
  const person = facts.people.get(message.person_id);
  if (!person || (notices.length === 0 && handovers.length === 0)) return undefined;
  const toldTo = message.person_id;
  const items = notices
    .flatMap(({ deadline_id, rung }) => {
      const told = facts.deadlines.get(deadline_id);
      if (!told) return [];
      const deadline = { ...told, why: told.why() };
      return [{ deadline, item: deadlineItem({ rung, toldTo }, deadline, facts, moment, appUrl) }];
    })
    .sort((a, b) => inOrder(a.item.due_on, b.item.due_on) || inOrder(a.item.ref, b.item.ref));
  const capacities = [...notices.map(({ capacity }) => capacity), ...handovers.map(({ title }) => title)];
  const shared = {
    folio: mailFolio(message),
    today: moment.today,
    reason: `Recibes este correo como ${[...new Set(capacities)].join('; ')}.`,
    help_url: `${appUrl}/por-que-recibo-esto`,
    home_url: `${appUrl}/`,
  };
  if (message.kind === 'escalation') {
    const steps = items.flatMap(({ deadline: { ladder, above } }) =>
      rungOf(ladder, message.rung ?? '').map((step) => ({ ...step, told: reachedAddressee(step, above) })),
    );
    const props: EscalationProps = {
      ...shared,
      person: { name: person.name },
      enters_report: steps.some(({ audience }) => audience.includes('technical_secretary')),
      items: items.map(({ item }) => item),
      // Ladders of different classes may tell different people on the same rung.
      told: [...new Set(steps.flatMap(({ told }) => told ?? []))].join(' o '),
    };
    return escalationMail(props);
  }
  const props: DigestProps = {
    ...shared,
    person: { name: person.name, areas: person.areas },
    groups: groupByUrgency(items, moment, facts.nextMorning),
    waiting_count: waiting,
    seal: sealWords(facts.audit),
    ...(desk ? { desk } : {}),
    ...(handovers.length > 0
      ? { handover: handoverProps(handovers, notices, message.person_id, appUrl) }
      : {}),
    is_catch_up: facts.missedMornings && notices.some((notice) => notice.planned_on < moment.today),
    ...(facts.nextMorning > addDays(moment.today, 1) ? { next_morning: facts.nextMorning } : {}),
  };
  return digestMail(props);
}

function handoverProps(
  handovers: readonly Handover[],
  notices: readonly NoticeFacts[],
  personId: number,
  appUrl: string,
): HandoverProps {
  const told = new Set(notices.map(({ deadline_id }) => deadline_id));
  const count = ({ matters }: Handover, key: PartKey) =>
    partsOf(matters).find((part) => part.key === key)?.matters.length ?? 0;
  // Two posts of one area bring the same.
  const matters = new Map(handovers.flatMap((handover) => handover.matters.map((one) => [one.id, one])));
  return {
    open: matters.size,
    posts: handovers.map((handover) => ({
      title: handover.title,
      area: handover.area_name,
      from_on: handover.from_on,
      overdue: count(handover, 'vencidas'),
      coming: count(handover, 'por-vencer'),
      in_review: count(handover, 'en-revision'),
      waiting: count(handover, 'en-espera'),
      url: `${appUrl}/personas/${personId}/entrega/${handover.appointment_id}`,
    })),
    items: [...matters.values()]
      .flatMap(({ id, ref, title, due_on, provisional, status }) =>
        due_on === null || told.has(id)
          ? []
          : [{ ref, title, due_on, provisional, in_review: status === 'in_review' }],
      )
      .sort((a, b) => inOrder(a.due_on, b.due_on) || inOrder(a.ref, b.ref)),
  };
}

function groupByUrgency(
  items: { deadline: DeadlineRow; item: DeadlineItem }[],
  moment: Moment,
  nextMorning: string,
): DigestProps['groups'] {
  const groups: DigestProps['groups'] = {
    returned: [],
    overdue: [],
    today: [],
    tomorrow: [],
    this_week: [],
    upcoming: [],
  };
  const daysLeftInWeek = 7 - weekday(moment.today);
  for (const { deadline, item } of items) {
    if (deadline.decision === 'returned') {
      const returned: ReturnedItem = { ...item, reviewer_words: deadline.reviewer_words ?? '' };
      groups.returned.push(returned);
    } else if (deadline.status === 'overdue') groups.overdue.push(item);
    else if (item.days === 0) groups.today.push(item);
    else if (item.due_on <= nextMorning) groups.tomorrow.push(item);
    else if (item.days <= daysLeftInWeek) groups.this_week.push(item);
    else groups.upcoming.push(item);
  }
  return groups;
}

/** What a mail to the person `toldTo` says about one deadline. */
export function deadlineItem(
  { rung, toldTo }: { rung: NoticeFacts['rung']; toldTo: number },
  deadline: DeadlineRow & {
    why: string;
    ladder?: Ladder;
    next?: NextRung;
    above?: Above;
    extension_asked_on?: string | null;
  },
  facts: Pick<MailFacts, 'people' | 'seats' | 'alsoTold' | 'earlierDays' | 'attention' | 'nextMorning'>,
  moment: Moment,
  appUrl: string,
): DeadlineItem {
  const url = `${appUrl}/vencimientos/${deadline.id}`;
  const person = facts.people.get(toldTo);
  const due_on = deadline.due_on ?? moment.today;
  const next_step = nextStep(deadline, facts.attention);
  const earlier = facts.earlierDays.get(deadline.id) ?? [];
  return {
    ref: deadline.ref,
    title: deadline.title,
    citation: `${deadline.instrument_title}, numeral ${deadline.clause_number}`,
    legal_basis: deadline.legal_basis,
    ...(deadline.process_name ? { process: deadline.process_name } : {}),
    due_on,
    ...(deadline.due_time ? { due_time: deadline.due_time } : {}),
    days: deadline.days ?? 0,
    ...distanceOf(rung, deadline, due_on, moment, facts),
    obligor_area: `${deadline.area_name} (${deadline.area_institution})`,
    counterpart: `${deadline.counterpart_name} (${deadline.counterpart_institution})`,
    people: (facts.seats.get(deadline.area_id) ?? []).map(({ post, name }) => ({ post, name })),
    why: deadline.why,
    provisional: deadline.provisional,
    to_verify: deadline.to_verify,
    // To the INE's own people it is simply what they owe.
    owed_by_ine: deadline.obligor === 'INE' && person?.institution !== 'INE',
    url,
    report_url: `${url}/reportar`,
    answer_url: `${url}/aviso`,
    ...(next_step === '' ? {} : { next_step }),
    also_told: (facts.alsoTold.get(toldKey(deadline.id, rung)) ?? [])
      .filter(({ person_id }) => person_id !== toldTo)
      .map(({ name }) => name),
    ...(earlier.length > 0 ? { previous_notices: earlierWords(earlier) } : {}),
    ...progressOf(deadline),
    ...(deadline.extension_asked_on
      ? { asked: `Prórroga solicitada el ${formatLongDate(deadline.extension_asked_on)}, sin resolver.` }
      : {}),
    ...(deadline.status === 'overdue' && person?.areas.includes(deadline.area_name)
      ? { commitment_url: `${url}/causa` }
      : {}),
  };
}

/** What became of the newest report, where it left work. */
function progressOf({ decision }: Pick<DeadlineRow, 'decision'>): Pick<DeadlineItem, 'progress'> {
  if (decision === 'returned') {
    return { progress: 'El último reporte se devolvió para corregir y no se ha vuelto a enviar.' };
  }
  return decision === 'accepted_in_part'
    ? { progress: 'Lo reportado se aceptó en parte y falta reportar lo demás.' }
    : {};
}

function rungOf(ladder: Ladder, key: string): Rung[] {
  return ladder.flatMap(({ rungs }) => rungs.filter((step) => step.key === key)).slice(-1);
}

/** The distance where days do not say it: in hours, over a stretch of days without attention, or lapsed today. */
function distanceOf(
  rung: string,
  {
    due_time,
    lapses_at,
    lapsed,
    ladder,
  }: Pick<DeadlineRow, 'due_time' | 'lapses_at' | 'lapsed'> & { ladder?: Ladder },
  due_on: string,
  { at, today }: Moment,
  { attention, nextMorning }: Pick<MailFacts, 'attention' | 'nextMorning'>,
): Pick<DeadlineItem, 'distance' | 'lapsed_today' | 'last_call'> {
  const lapsed_today = lapsed && due_on === today;
  if (lapses_at !== null && due_time !== null && (lapsed_today || parseRungKey(rung)?.unit === 'hours')) {
    const hours = Math.round((Date.parse(lapses_at) - Date.parse(at)) / 3_600_000);
    const size = Math.max(1, Math.abs(hours));
    const words = `${size} ${size === 1 ? 'hora' : 'horas'}`;
    if (size <= 24) {
      return {
        distance: lapsed ? `hace ${words}` : `en ${words}`,
        ...(lapsed_today ? { lapsed_today } : {}),
      };
    }
  }
  if (due_on <= today || due_on > nextMorning) return {};
  const tomorrow = addDays(today, 1);
  const name = weekdayName(weekday(due_on));
  const attended = isAttended(attention, due_on);
  if (attended && due_on === tomorrow) return {};
  return {
    distance: due_on === tomorrow ? `mañana ${name}` : `el ${name}`,
    ...(attended || ladder?.at(-1)?.rungs.some(({ unit }) => unit === 'hours')
      ? {}
      : { last_call: `El ${name} no se envían avisos: éste es el último antes de la fecha.` }),
  };
}

/** Who is told next and when; empty after the last rung, and where nobody would be. */
function nextStep(
  { next, above = { kind: 'nobody' } }: { next?: NextRung; above?: Above },
  attention: Attention,
): string {
  const told = next && reachedAddressee(next.rung, above);
  if (!next || told === undefined) return '';
  const hour = next.at === undefined ? attention.hour : localDateTime(next.at).slice(11);
  return `Si no se reporta, el ${formatLongDate(next.on)} a las ${formatHour(hour)} se avisará a ${told}.`;
}

function earlierWords(days: string[]): string {
  const words = days.map((day, index) => {
    const [, number, month] = /(\d+) de (\S+) de/.exec(formatLongDate(day))!;
    // The month is said once, after the last of its days.
    return days[index + 1]?.slice(0, 7) === day.slice(0, 7) ? number! : `${number} de ${month}`;
  });
  const listed = words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} y ${words.at(-1)}`;
  return `Se avisó el ${listed} (${days.length === 1 ? '1 día, aceptado' : `${days.length} días, aceptados`} por el servidor de correo).`;
}
