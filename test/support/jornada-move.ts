// The order that strains the dates most: the Jornada goes from June to December.
import type { Db } from '../../db/client.ts';
import type { MilestoneMove } from '../../db/milestone-moves.ts';

/** Moves the Jornada of 2023-2024 to the eighth of December, except for what is said otherwise. */
export async function jornadaMove(db: Db, changes: Partial<MilestoneMove> = {}): Promise<MilestoneMove> {
  const { id } = await db
    .selectFrom('process')
    .where('key', '=', 'ordinario-2023-2024')
    .select('id')
    .executeTakeFirstOrThrow();
  return {
    process_id: id,
    key: 'jornada',
    on_date: '2024-12-08',
    at_time: '08:00',
    firm: true,
    act: 'Acuerdo INE/CG000/2024',
    note: null,
    ...changes,
  };
}
