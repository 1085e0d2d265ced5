// The line that says, for a day, that dates were moved, by whom, and lets it be undone.
import { Form, Link } from '@remix-run/react';

export interface ChangeBannerView {
  id: number;
  summary: string;
  by: string;
  recorded: string;
  until: string;
}

export function ChangeBanners({ changes }: { changes: readonly ChangeBannerView[] }) {
  return changes.map(({ id, summary, by, recorded, until }) => (
    <section key={id} className="notice change-banner" aria-label="Cambio de fecha reciente">
      <p>
        <strong>{summary}</strong>{' '}
        <span className="quiet">
          Cambio aplicado por {by}, {recorded}. Se puede deshacer hasta el {until}.
        </span>
      </p>
      <Form method="post" action={`/cambios/${id}/deshacer`} className="actions">
        <Link className="more" to={`/cambios/${id}`}>
          Ver qué cambió
        </Link>
        <button type="submit" className="button button-quiet" name="confirmo" value="si">
          Deshacer
        </button>
      </Form>
    </section>
  ));
}
