// A page that could not be shown: what happened, calmly, and where to go on.
import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';
import { SendAgain } from './send-again.tsx';
import { NOTHING_SAVED, NOTHING_SHOWN } from './unavailable-words.ts';

interface Words {
  title: string;
  text: ReactNode;
}

const PROBLEMS: Record<number, Words> = {
  400: { title: 'La solicitud llegó incompleta', text: 'Vuelve a la página anterior e inténtalo otra vez.' },
  401: {
    title: 'Tu sesión terminó',
    text: (
      <>
        No se guardó nada. <a href="/entrar">Vuelve a entrar</a>; si estabas llenando un formulario, ábrelo en
        otra pestaña y después regresa aquí con «Atrás» para enviarlo otra vez.
      </>
    ),
  },
  403: {
    title: 'Tu cuenta no tiene acceso a esta página',
    text: 'Si la necesitas para tu trabajo, pide el acceso a la Dirección de Vinculación.',
  },
  404: {
    title: 'No encontramos esa página',
    text: 'La dirección puede estar incompleta, o lo que buscas no está entre lo que puedes consultar.',
  },
  405: { title: 'Eso no se puede hacer aquí', text: 'Vuelve a la página anterior e inténtalo desde ahí.' },
  409: {
    title: 'Alguien se adelantó',
    text: 'Esto cambió mientras lo veías. Recarga la página para ver cómo quedó.',
  },
  410: {
    title: 'Esta fecha dejó de existir',
    text: 'Un cambio en la regla o en el evento del que dependía la retiró, y no hay nada que entregar por ella. Los informes de cortes anteriores la conservan.',
  },
  429: { title: 'Demasiadas solicitudes', text: 'Espera unos minutos antes de intentarlo otra vez.' },
};

const FAULT: Words = {
  title: 'Algo falló de nuestro lado',
  text: 'No perdiste nada de lo ya guardado. Inténtalo en unos minutos; si sigue igual, avisa a la administración del sistema.',
};

/**
 * `status` is the HTTP status of the answer; one we have no words for is our fault. `said` is what the answer says itself.
 */
export function Problem({ status, said }: { status: number; said?: unknown }) {
  const { title, text } =
    status === 503
      ? {
          title: 'Por ahora no podemos atenderte',
          text: said === NOTHING_SAVED ? NOTHING_SAVED : NOTHING_SHOWN,
        }
      : (PROBLEMS[status] ?? FAULT);
  return (
    <div className="narrow">
      <h1>{title}</h1>
      <p>{text}</p>
      {said === NOTHING_SAVED && <SendAgain />}
      <p>
        <Link to="/">Ir al inicio</Link>
      </p>
    </div>
  );
}
