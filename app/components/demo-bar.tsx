// The quiet bar of a demo: what day it is there, the button that moves its clock, the way to its mailbox.
import { Form, Link, useLocation } from '@remix-run/react';
import { SubmitButton } from './form.tsx';

export interface DemoClock {
  /** `miércoles 15 de mayo de 2024, 9:04 h`. */
  now: string;
  /** `jueves 16 de mayo`. */
  tomorrow: string;
}

export function DemoBar({ clock }: { clock: DemoClock }) {
  const { pathname, search } = useLocation();
  return (
    <aside className="demo-bar" aria-label="Demostración">
      <p>
        <strong>Demostración</strong> · hoy es {clock.now}
      </p>
      <Form method="post" action="/demo/reloj">
        <input type="hidden" name="volver" value={pathname + search} />
        <SubmitButton quiet pending="Avanzando…">
          Avanzar al {clock.tomorrow}
        </SubmitButton>
      </Form>
      <Link to="/correos">Buzón</Link>
    </aside>
  );
}
