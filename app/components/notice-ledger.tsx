// The ledger of a deadline's notices as a table: who was told, when, and what became of it.
import type { NoticeView } from './notice-words.ts';
import { EmptyState } from './page-header.tsx';

export function NoticeLedger({ notices }: { notices: NoticeView[] }) {
  if (notices.length === 0) return <EmptyState>Aún no se ha enviado ningún aviso de esta obligación.</EmptyState>;
  return (
    <table className="table stack">
      <caption className="unseen">Avisos enviados y planeados</caption>
      <thead>
        <tr>
          <th scope="col">Día</th>
          <th scope="col">Aviso</th>
          <th scope="col">Persona</th>
          <th scope="col">Qué pasó</th>
        </tr>
      </thead>
      <tbody>
        {notices.map((notice) => (
          <tr key={notice.id}>
            <td data-label="Día">{notice.day}</td>
            <td data-label="Aviso">{notice.rung}</td>
            <td data-label="Persona">
              {notice.to} <span className="quiet">{notice.capacity}</span>
            </td>
            <td data-label="Qué pasó">
              {notice.state} <span className="quiet">{notice.detail}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
