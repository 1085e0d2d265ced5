// One deadline beside the calendar: enough to know what it is, where it stands and where to go from here.
import type { DeadlinePanel } from '../components/deadline-side.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { viewHistory } from '../components/history-words.ts';
import type { Moment } from '../domain/moment.ts';
import { deadlineHistory } from '../../db/deadline-history.ts';
import type { Db } from '../../db/client.ts';
import { listHolders } from '../../db/deadlines.ts';
import type { Actor } from '../../db/people.ts';
import { requireDeadline } from './deadline-access.ts';

/** The panel of a deadline as known at the moment. Throws as `requireDeadline` does. */
export async function deadlinePanel(
  db: Db,
  moment: Moment,
  actor: Actor,
  id: number,
): Promise<DeadlinePanel> {
  const { deadline } = await requireDeadline(db, moment, actor, id);
  const [holders, history] = await Promise.all([
    listHolders(db, [deadline.area_id], moment.today),
    deadlineHistory(db, moment, id),
  ]);
  const decides = moment.live && deadline.status === 'in_review' && actor.roles.includes('direction');
  return {
    deadline: viewDeadline(deadline, moment.today),
    description: deadline.description,
    evidence: deadline.evidence_expected,
    rule: deadline.sentence,
    clause: { heading: deadline.clause_heading, text: deadline.clause_text },
    people: holders.map(({ name, title }) => (name === title ? name : `${name}, ${title}`)),
    history: history.map(viewHistory),
    review: decides ? deadline.submission_id : null,
  };
}
