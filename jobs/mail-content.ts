// Turns the facts of a claimed message into the mail a person reads.
import type { DeadlineRow } from '../db/deadlines.ts';
import { toldKey, type MailFacts, type NoticeFacts } from '../db/mail-facts.ts';
import type { ClaimedMessage } from '../db/messages.ts';
import { DEFAULT_LADDER, MORNING, nextRung, rungAddressee } from '../app/domain/ladder.ts';
import type { Moment } from '../app/domain/moment.ts';
import { formatHour, formatLongDate, weekday } from '../app/domain/plain-date.ts';
import type { Step } from '../app/domain/derivation.ts';
import type { DeadlineItem } from '../emails/deadline-item.ts';
import { digestMail, type DigestProps, type ReturnedItem } from '../emails/digest.tsx';
import { escalationMail, type EscalationProps } from '../emails/escalation.tsx';
import type { MailContent } from '../emails/layout.tsx';

const ESCALATION_RUNGS = ['+1', '+3', '+5'] as const;

/** The folio people quote when they ask about a mail. */
export const mailFolio = (message: Pick<ClaimedMessage, 'id' | 'created_at'>) =>
  `A-${message.created_at.slice(0, 4)}-${String(message.id).padStart(6, '0')}`;

/** The morning's mail of a person, or undefined when none of its notices is true any more. */
export function noticeMail(
  message: ClaimedMessage,
  facts: MailFacts,
  moment: Moment,
  appUrl: string,
): MailContent | undefined {
  const notices = facts.notices.get(message.id) ?? [];
  const person = facts.people.get(message.person_id);
  if (notices.length === 0 || !person) return undefined;
  const toldTo = message.person_id;
  const items = notices
    .flatMap(({ deadline_id, rung }) => {
      const deadline = facts.deadlines.get(deadline_id);
      return deadline
        ? [{ deadline, item: deadlineItem({ rung, toldTo }, deadline, facts, moment, appUrl) }]
        : [];
    })
    .sort((a, b) => a.item.due_on.localeCompare(b.item.due_on) || a.item.ref.localeCompare(b.item.ref));
  const shared = {
    folio: mailFolio(message),
    today: moment.today,
    reason: `Recibes este correo como ${[...new Set(notices.map(({ capacity }) => capacity))].join('; ')}.`,
    help_url: `${appUrl}/por-que-recibo-esto`,
    home_url: `${appUrl}/`,
  };
  const rung = ESCALATION_RUNGS.find((candidate) => candidate === message.rung);
  if (message.kind === 'escalation' && rung) {
    const addressee = DEFAULT_LADDER.find((step) => step.key === rung);
    const props: EscalationProps = {
      ...shared,
      person: { name: person.name },
      rung,
      items: items.map(({ item }) => item),
      told: addressee ? rungAddressee(addressee) : '',
    };
    return escalationMail(props);
  }
  const props: DigestProps = {
    ...shared,
    person: { name: person.name, areas: person.areas },
    groups: groupByUrgency(items, moment),
    waiting_count: 0,
    is_catch_up: facts.missedMornings && notices.some((notice) => notice.planned_on < moment.today),
  };
  return digestMail(props);
}

function groupByUrgency(
  items: { deadline: DeadlineRow; item: DeadlineItem }[],
  moment: Moment,
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
    else if (item.days === 1) groups.tomorrow.push(item);
    else if (item.days <= daysLeftInWeek) groups.this_week.push(item);
    else groups.upcoming.push(item);
  }
  return groups;
}

/** What a mail to the person `toldTo` says about one deadline. */
export function deadlineItem(
  { rung, toldTo }: { rung: NoticeFacts['rung']; toldTo: number },
  deadline: DeadlineRow & { sentence: string; steps: Step[] },
  facts: Pick<MailFacts, 'people' | 'seats' | 'alsoTold' | 'earlierDays'>,
  moment: Moment,
  appUrl: string,
): DeadlineItem {
  const url = `${appUrl}/vencimientos/${deadline.id}`;
  const due_on = deadline.due_on ?? moment.today;
  const next = nextRung(
    DEFAULT_LADDER.filter((rung) => rung.kind === 'escalation'),
    due_on,
    moment.today,
  );
  const earlier = facts.earlierDays.get(deadline.id) ?? [];
  return {
    ref: deadline.ref,
    title: deadline.title,
    citation: `${deadline.instrument_title}, numeral ${deadline.clause_number}`,
    legal_basis: deadline.legal_basis,
    due_on,
    ...(deadline.due_time ? { due_time: deadline.due_time } : {}),
    days: deadline.days ?? 0,
    obligor_area: `${deadline.area_name} (${deadline.area_institution})`,
    counterpart: `${deadline.counterpart_name} (${deadline.counterpart_institution})`,
    people: (facts.seats.get(deadline.area_id) ?? []).map(({ post, name }) => ({ post, name })),
    why: whyThisDate(deadline.sentence, deadline.steps),
    provisional: deadline.provisional,
    to_verify: deadline.to_verify,
    // To the INE's own people it is simply what they owe.
    owed_by_ine: deadline.obligor === 'INE' && facts.people.get(toldTo)?.institution !== 'INE',
    url,
    report_url: `${url}/reportar`,
    ...(next
      ? {
          next_step: `Si no se reporta, el ${formatLongDate(next.on)} a las ${formatHour(MORNING)} se avisará a ${rungAddressee(next.rung)}.`,
        }
      : {}),
    also_told: (facts.alsoTold.get(toldKey(deadline.id, rung)) ?? [])
      .filter(({ person_id }) => person_id !== toldTo)
      .map(({ name }) => name),
    ...(earlier.length > 0 ? { previous_notices: earlierWords(earlier) } : {}),
  };
}

/** The clause's sentence with the event its date is counted from. */
function whyThisDate(sentence: string, steps: readonly Step[]): string {
  const anchor = steps.find((step) => step.op === 'anchor');
  return anchor ? `${sentence} (${anchor.name}: ${formatLongDate(anchor.date)})` : sentence;
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
