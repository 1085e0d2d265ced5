// The ledger of notices as a table: who was told of what, when, and what became of it.
import { Link } from '@remix-run/react';
import type { NoticeView } from './notice-words.ts';
import { EmptyState } from './page-header.tsx';

interface Shown {
  /** A column with the deadline each notice is about. */
  deadlines?: boolean;
  /** Whoever reads may open the mails. */
  mails?: boolean;
}

/** What went out, will go out or failed; what never did is kept folded below. */
export function NoticeLedger({ notices, ...shown }: Shown & { notices: NoticeView[] }) {
  if (notices.length === 0)
    return <EmptyState>Aún no se ha enviado ningún aviso de esta obligación.</EmptyState>;
  const dropped = notices.filter((notice) => notice.dropped);
  const told = notices.filter((notice) => !notice.dropped);
  return (
    <>
      {told.length > 0 && <NoticeTable {...shown} notices={told} name="Avisos enviados y por salir" />}
      {dropped.length > 0 && (
        <details>
          <summary>
            {dropped.length === 1
              ? '1 aviso que no salió: sustituido o cancelado'
              : `${dropped.length} avisos que no salieron: sustituidos o cancelados`}
          </summary>
          <NoticeTable {...shown} notices={dropped} name="Avisos sustituidos o cancelados" />
        </details>
      )}
    </>
  );
}

export function NoticeTable(props: Shown & { notices: NoticeView[]; name: string }) {
  const { notices, name, deadlines = false, mails = false } = props;
  return (
    <table className="table stack" aria-label={name}>
      <thead>
        <tr>
          <th scope="col">Día</th>
          <th scope="col">Aviso</th>
          {deadlines && <th scope="col">Vencimiento</th>}
          <th scope="col">Persona</th>
          <th scope="col">Estado</th>
        </tr>
      </thead>
      <tbody>
        {notices.map(({ deadline, ...notice }) => (
          <tr key={notice.id}>
            <td data-label="Día" className="date">
              {notice.day}
            </td>
            <td data-label="Aviso">{notice.rung}</td>
            {deadlines && (
              <td data-label="Vencimiento">
                <span>
                  <Link to={deadline.to}>
                    {deadline.ref}, {deadline.due}
                  </Link>
                  <span className="quiet"> {deadline.title}</span>
                </span>
              </td>
            )}
            <td data-label="Persona">
              {notice.to} {notice.capacity && <span className="quiet">{notice.capacity}</span>}
            </td>
            <td data-label="Estado">
              {notice.standing} <span className="quiet">{notice.detail}</span>
              {mails && notice.mail && (
                <span>
                  <Link to={`/avisos/${notice.mail}`}>Correo {notice.mail}</Link>
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
