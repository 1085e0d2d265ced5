// One request of an area with what was decided about it.
import { Facts } from './facts.tsx';
import type { RequestView } from './request-words.ts';
import { UserText } from './user-text.tsx';

export function RequestCard({ request }: { request: RequestView }) {
  return (
    <article className="report">
      <h3>{request.what}</h3>
      <Facts
        rows={[
          ['Solicitó', request.asked],
          ['Oficio', request.document],
        ]}
      />
      <UserText>{request.reason}</UserText>
      <p className="verdict" data-decision={verdictTone(request.decision)}>
        {request.verdict ?? '◆ Por resolver: la Dirección aún no decide.'}
      </p>
      {request.words && <UserText>{request.words}</UserText>}
    </article>
  );
}

function verdictTone(decision: RequestView['decision']) {
  if (decision === null) return 'pending';
  return decision === 'granted' ? 'accepted' : 'returned';
}
