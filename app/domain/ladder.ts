// The ladder of notices: on which day, counted from the deadline, who is told.
import { addDays, type IsoDate } from './plain-date.ts';

export type Audience = 'responsible' | 'deputy' | 'head' | 'direction' | 'technical_secretary';

export interface Rung {
  /** Distance from the deadline as people write it: '-10', '0', '+3'. */
  key: string;
  /** Natural days from the due date; negative is before. */
  offset_days: number;
  kind: 'reminder' | 'escalation';
  audience: readonly Audience[];
}

/** Local hour of the morning's pass in America/Mexico_City: before it nothing is planned. */
export const MORNING = '08:00';

const AREA: readonly Audience[] = ['responsible', 'deputy'];

/** The ladder every process starts with; each step after the date adds one more level. */
export const DEFAULT_LADDER: readonly Rung[] = [
  { key: '-10', offset_days: -10, kind: 'reminder', audience: AREA },
  { key: '-5', offset_days: -5, kind: 'reminder', audience: AREA },
  { key: '-1', offset_days: -1, kind: 'reminder', audience: AREA },
  { key: '0', offset_days: 0, kind: 'reminder', audience: AREA },
  { key: '+1', offset_days: 1, kind: 'escalation', audience: [...AREA, 'head'] },
  { key: '+3', offset_days: 3, kind: 'escalation', audience: [...AREA, 'head', 'direction'] },
  {
    key: '+5',
    offset_days: 5,
    kind: 'escalation',
    audience: [...AREA, 'head', 'direction', 'technical_secretary'],
  },
];

/** The next rung that has not come yet on `today`, with its day; undefined past the end of the ladder. */
export function nextRung(
  ladder: readonly Rung[],
  due_on: IsoDate,
  today: IsoDate,
): { rung: Rung; on: IsoDate } | undefined {
  for (const rung of [...ladder].sort((a, b) => a.offset_days - b.offset_days)) {
    const on = addDays(due_on, rung.offset_days);
    if (on > today) return { rung, on };
  }
  return undefined;
}

/** Who a rung adds to the ones before it, in words that follow "se avisará a". */
export function rungAddressee(rung: Pick<Rung, 'audience'>): string {
  if (rung.audience.includes('technical_secretary')) return 'la Secretaría Técnica de la Comisión';
  if (rung.audience.includes('direction')) return 'la Dirección de Vinculación';
  if (rung.audience.includes('head')) return 'la persona titular del área';
  return 'la persona responsable y su suplente';
}
