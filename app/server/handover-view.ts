// Everything the handover of a post says, for its page and for its PDF, and who may read it.
import type { AppLoadContext } from '@remix-run/node';
import { viewDeadline, type DeadlineView } from '../components/deadline-view.ts';
import { longInstantWords } from '../components/moment-words.ts';
import { isBeingSigned, partsOf, type Handover } from '../domain/handover-outline.ts';
import type { Moment } from '../domain/moment.ts';
import { auditHead } from '../../db/audit.ts';
import { listDeadlines } from '../../db/deadlines.ts';
import type { Actor } from '../../db/people.ts';
import { findPerson, listStaff } from '../../db/staff.ts';
import { listFolios } from '../../db/submissions.ts';
import { forbidden, mayEnter } from './access.ts';
import { notFound, readId } from './request-input.ts';

export interface HandoverView extends Handover<DeadlineView & { folio: string | null }> {
  /** Where the person's name leads for this reader; null when they may open no such page. */
  back: string | null;
  /** Whether this reader may open the deadlines: who left or has yet to come may not. */
  opens: boolean;
}

/**
 * The handover of an appointment as it stands at the moment. Readers are whoever manages people, and the person of
 * the appointment for their own, until some weeks after its last day. Throws 403 for anybody else, whether it exists or
 * not, and 404 when there is none.
 */
export async function requireHandover(
  { db }: AppLoadContext,
  moment: Moment,
  actor: Actor,
  params: { id?: string | undefined; appointment?: string | undefined },
): Promise<HandoverView> {
  const manages = mayEnter(actor, 'person');
  if (!manages && params.id !== String(actor.id)) throw forbidden();
  const person = await findPerson(db, readId(params.id), moment.today);
  const appointment = person?.appointments.find(({ id }) => id === readId(params.appointment));
  if (!person || !appointment) throw notFound();
  if (!manages && !isBeingSigned(appointment, moment.today)) throw forbidden();
  const area = (await listStaff(db, moment.today)).find(({ id }) => id === appointment.area_id);
  if (!area) throw notFound();
  const rows = await listDeadlines(db, moment, { area: area.key, open: true });
  const folios = await listFolios(
    db,
    rows.flatMap(({ status, submission_id }) =>
      status === 'in_review' && submission_id !== null ? [submission_id] : [],
    ),
  );
  const own = mayEnter(actor, 'my-obligations') ? '/mis-obligaciones' : null;
  const { id, title, from_on, until_on } = appointment;
  return {
    person: { id: person.id, name: person.name },
    appointment: { id, title, from_on, until_on },
    area: area.name,
    holders: area.holders.map(({ name }) => name),
    today: moment.today,
    issued_at: moment.at,
    issued: longInstantWords(moment.at),
    head: await auditHead(db),
    parts: partsOf(
      rows.map((row) => ({
        ...viewDeadline(row, moment.today),
        folio: (row.submission_id !== null && folios.get(row.submission_id)) || null,
      })),
    ),
    back: manages ? `/personas/${person.id}` : own,
    opens: actor.roles.length > 0 || actor.areas.some((held) => held.id === area.id),
  };
}
