// What the screens say of an area's request and of what was decided; worded on the server.
import { formatLongDate } from '../domain/plain-date.ts';
import type { findRequest } from '../../db/area-requests.ts';
import { instantWords } from './moment-words.ts';

type Request = NonNullable<Awaited<ReturnType<typeof findRequest>>>;

export interface RequestView {
  id: number;
  what: string;
  asked: string;
  reason: string;
  document: string;
  /** Null while nobody has decided. */
  verdict: string | null;
  decision: Request['decision'];
  words: string;
}

export function viewRequest(request: Request): RequestView {
  const { kind, due_on, decision, decided_at, decided_by_name, new_area_name } = request;
  const granted = new_area_name ? `✓ Reasignada a ${new_area_name}` : '✓ Concedida';
  return {
    id: request.id,
    what:
      kind === 'extension' && due_on !== null
        ? `Prórroga al ${formatLongDate(due_on)}`
        : `No corresponde a ${request.area_name}`,
    asked: `${request.asked_by_name}, ${instantWords(request.asked_at)}`,
    reason: request.reason,
    document: request.document,
    verdict:
      decision === null
        ? null
        : `${decision === 'granted' ? granted : '↩ Negada'} por ${decided_by_name ?? ''}, ${decided_at ? instantWords(decided_at) : ''}.`,
    decision,
    words: request.decision_words,
  };
}
