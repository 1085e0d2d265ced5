// What a change of date would move: each deadline with its date now and then, and the notices that go with it.

export interface MovedDate {
  deadline_id: number;
  ref: string;
  title: string;
  area: string;
  before: string;
  after: string;
}

export function MovedDates(props: { moved: MovedDate[]; notices: number; mails: number }) {
  const { moved, notices, mails } = props;
  return (
    <section aria-labelledby="cambia">
      <h2 id="cambia">
        {moved.length === 1 ? 'Cambia 1 vencimiento' : `Cambian ${moved.length} vencimientos`}
      </h2>
      <table className="table stack">
        <thead>
          <tr>
            <th scope="col">Obligación</th>
            <th scope="col">Área</th>
            <th scope="col">Fecha actual</th>
            <th scope="col">Fecha nueva</th>
          </tr>
        </thead>
        <tbody>
          {moved.map(({ deadline_id, ref, title, area, before, after }) => (
            <tr key={deadline_id}>
              <th scope="row">
                {title} <span className="quiet">{ref}</span>
              </th>
              <td data-label="Área">
                <span>{area}</span>
              </td>
              <td className="date" data-label="Fecha actual">
                <span>{before}</span>
              </td>
              <td className="date" data-label="Fecha nueva">
                <strong>{after}</strong>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {noticesWords(notices)} {mailsWords(mails)}
      </p>
    </section>
  );
}

function noticesWords(notices: number): string {
  if (notices === 0) return 'No hay avisos por salir que retirar.';
  return notices === 1 ? 'Se retira 1 aviso por salir.' : `Se retiran ${notices} avisos por salir.`;
}

function mailsWords(mails: number): string {
  if (mails === 0) return 'No se enviará ningún correo.';
  return mails === 1 ? 'Se enviará 1 correo al área.' : `Se enviarán ${mails} correos, uno por área.`;
}
