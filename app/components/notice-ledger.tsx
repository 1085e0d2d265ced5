// The ledger of a deadline's notices as a table: who was told, when, and what became of it.
import type { NoticeView } from './notice-words.ts';
import { EmptyState } from './page-header.tsx';

/** What went out, will go out or failed; what never did is kept folded below. */
export function NoticeLedger({ notices }: { notices: NoticeView[] }) {
  if (notices.length === 0)
    return <EmptyState>Aún no se ha enviado ningún aviso de esta obligación.</EmptyState>;
  const dropped = notices.filter((notice) => notice.dropped);
  const told = notices.filter((notice) => !notice.dropped);
  return (
    <>
      {told.length > 0 && <NoticeTable notices={told} name="Avisos enviados y por salir" />}
      {dropped.length > 0 && (
        <details>
          <summary>
            {dropped.length === 1
              ? '1 aviso que no salió: sustituido o cancelado'
              : `${dropped.length} avisos que no salieron: sustituidos o cancelados`}
          </summary>
          <NoticeTable notices={dropped} name="Avisos sustituidos o cancelados" />
        </details>
      )}
    </>
  );
}

function NoticeTable({ notices, name }: { notices: NoticeView[]; name: string }) {
  return (
    <table className="table stack" aria-label={name}>
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
            <td data-label="Día" className="date">
              {notice.day}
            </td>
            <td data-label="Aviso">{notice.rung}</td>
            <td data-label="Persona">
              {notice.to} {notice.capacity && <span className="quiet">{notice.capacity}</span>}
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
