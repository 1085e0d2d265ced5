// Turns what is known on a morning into the mails that tell of no deadline of their reader's.
import { mailFolio } from '../app/domain/mail-folio.ts';
import { addDays } from '../app/domain/plain-date.ts';
import type { Moment } from '../app/domain/moment.ts';
import { percentage } from '../app/domain/overdue-report.ts';
import type { Db } from '../db/client.ts';
import type { MailFacts } from '../db/mail-facts.ts';
import type { ClaimedMessage } from '../db/messages.ts';
import { listHoldersOfRole, loadAllClear, loadDesk, type DeskFacts } from '../db/morning-mails.ts';
import { overdueReport } from '../db/overdue-report.ts';
import { allClearMail } from '../emails/all-clear.tsx';
import { deskMail, type DeskProps } from '../emails/desk.tsx';
import type { MailContent } from '../emails/layout.tsx';
import { weeklyMail } from '../emails/weekly.tsx';
import { sealWords, type Compose } from './mail-content.ts';

/** Days ahead that the Commission's mail counts. */
const COMING_DAYS = 7;

/** What waits for the Dirección, for each of these readers that is part of it; nothing is read when nobody is. */
export async function desksOf(
  db: Db,
  moment: Moment,
  claims: readonly Pick<ClaimedMessage, 'kind' | 'person_id'>[],
): Promise<Map<number, DeskFacts>> {
  const readers = claims.filter(({ kind }) => kind === 'digest' || kind === 'desk');
  if (readers.length === 0) return new Map();
  const directors = new Set(await listHoldersOfRole(db, 'direction', moment.today));
  if (!readers.some(({ person_id }) => directors.has(person_id))) return new Map();
  const desk = await loadDesk(db, moment);
  return new Map(desk ? [...directors].map((id) => [id, desk]) : []);
}

/** What a mail says of what waits for the Dirección. */
export function deskProps({ reviews, gaps, gaps_cut }: DeskFacts, appUrl: string): DeskProps {
  return {
    reviews: reviews.map(({ area_name, ...review }) => ({ ...review, area: area_name })),
    gaps: gaps.map(({ area_name, covered_by, ...gap }) => ({ ...gap, area: area_name, told: covered_by })),
    gaps_cut,
    review_url: `${appUrl}/revision`,
    coverage_url: `${appUrl}/cobertura`,
  };
}

/** The mail of such a message, or undefined when by now it has nothing left to say. */
export async function morningMail(
  db: Db,
  message: ClaimedMessage,
  facts: MailFacts,
  desks: Map<number, DeskFacts>,
  { moment, appUrl }: Compose,
): Promise<MailContent | undefined> {
  const person = facts.people.get(message.person_id);
  if (!person) return undefined;
  const shared = {
    today: moment.today,
    folio: mailFolio(message),
    seal: sealWords(facts.audit),
    help_url: `${appUrl}/por-que-recibo-esto`,
  };
  if (message.kind === 'desk') {
    const desk = desks.get(message.person_id);
    return desk && deskMail({ ...shared, desk: deskProps(desk, appUrl) });
  }
  if (message.kind === 'all_clear') {
    const clear = await loadAllClear(db, moment, message.person_id);
    return clear && allClearMail({ ...shared, ...clear, person, home_url: `${appUrl}/mis-obligaciones` });
  }
  const report = await overdueReport(db, moment, { session: addDays(moment.today, COMING_DAYS) });
  const { totals } = report;
  return weeklyMail({
    ...shared,
    totals: {
      due: totals.due,
      overdue: totals.overdue,
      in_review: totals.in_review,
      concluded: totals.concluded_on_time + totals.concluded_late,
    },
    percent: percentage(totals.overdue, totals.due),
    overdue: report.overdue.map(({ ref, title, area, due_on, days_late, obligor }) => ({
      ref,
      title,
      area,
      due_on,
      days_late,
      of_ine: obligor === 'INE',
    })),
    coming: report.coming.length,
    report_url: `${appUrl}/informe/vencidas`,
    stop_url: stopUrl(appUrl, person.weekly_token),
  });
}

/** Where the weekly mail is stopped, by a person on a page or by a mail program at once (RFC 8058). */
export const stopUrl = (appUrl: string, token: string) => `${appUrl}/resumen-semanal/${token}`;
