// What a ladder would send about a real deadline of its class: the example a person decides on.
import type { LadderSample } from '../components/ladder-parts.tsx';
import { resolveContacts } from '../domain/contacts.ts';
import { sampleLadder } from '../domain/ladder-form.ts';
import { rungWords, type LadderClass, type Rung } from '../domain/ladder.ts';
import type { Moment } from '../domain/moment.ts';
import { formatHour, formatLongDate, formatShortDate, type IsoDate } from '../domain/plain-date.ts';
import { loadAttention } from '../../db/attention.ts';
import type { Db } from '../../db/client.ts';
import { findSampleDeadline } from '../../db/ladders.ts';
import { listAreaTree, listSeats } from '../../db/people.ts';

/** The next open deadline of the class with the mornings and people of each rung; null when there is none. */
export async function sampleOf(
  db: Db,
  moment: Moment,
  process: { id: number; direction_area_id: number },
  name: LadderClass,
  rungs: readonly Rung[],
  from: IsoDate,
): Promise<LadderSample | null> {
  const deadline = await findSampleDeadline(db, process.id, name, from);
  if (!deadline) return null;
  const [attention, areas, seats] = await Promise.all([
    loadAttention(db),
    listAreaTree(db),
    listSeats(db, moment.today),
  ]);
  const { contacts } = resolveContacts(areas, seats, process.direction_area_id);
  const about = { ...deadline, owed_by_ine: deadline.obligor === 'INE' };
  const hour = deadline.due_time === null ? '' : `, ${formatHour(deadline.due_time)}`;
  return {
    about: `${deadline.ref}, ${deadline.title}`,
    due: `${formatLongDate(deadline.due_on)}${hour}`,
    rows: sampleLadder(rungs, about, attention).map(({ rung, on, subject, said_before }) => ({
      key: rung.key,
      when: rungWords(rung),
      on: `${formatShortDate(on.slice(0, 10))}, ${formatHour(on.slice(11) || attention.hour)}`,
      subject,
      remark: said_before ? 'No sale: ese día no se atiende y lo dice el aviso anterior' : null,
      to: [
        ...new Set(
          contacts
            .filter(
              ({ area_id, audience }) => area_id === deadline.area_id && rung.audience.includes(audience),
            )
            .map(({ capacity }) => capacity),
        ),
      ],
    })),
  };
}
