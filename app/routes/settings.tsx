// Where what is set up once is found: one page that lists the others.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { PageHeader } from '../components/page-header.tsx';
import { requireActor } from '../server/access.ts';

const PAGES = [
  {
    to: '/avisos',
    title: 'Libro de avisos',
    text: 'Cada aviso con su estado: a quién, cuándo, qué respondió el servidor de correo y qué decía.',
  },
  {
    to: '/inhabiles',
    title: 'Días inhábiles',
    text: 'Los días que no cuentan para los plazos en días hábiles, por institución y año.',
  },
  {
    to: '/ajustes/atencion',
    title: 'Atención',
    text: 'Los días y la hora en que salen los avisos. No cambia ninguna fecha límite.',
  },
  {
    to: '/ajustes/escaleras',
    title: 'Escaleras de avisos',
    text: 'Con cuánta anticipación se avisa, y a quién cuando algo vence sin reporte.',
  },
  {
    to: '/avisos/simulador',
    title: 'Simulador de avisos',
    text: '¿Quién recibirá qué y cuándo? Lo que saldría si nadie reportara nada.',
  },
  {
    to: '/ajustes/correos',
    title: 'Correos',
    text: 'Cómo se ve cada correo que envía el programa, con datos de ejemplo.',
  },
  {
    to: '/cobertura',
    title: 'Cobertura',
    text: 'Lo que vence en los próximos 30 días y cuya área no tiene a nadie en el cargo.',
  },
];

/** For whoever keeps the program running. */
const KEEPER_PAGES = [
  {
    to: '/ajustes/colas',
    title: 'Colas',
    text: 'Lo que espera, corre o falló en la cola que despierta al trabajador.',
  },
];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor } = await requireActor({ request, context }, 'settings');
  return { pages: actor.roles.includes('administrator') ? [...PAGES, ...KEEPER_PAGES] : PAGES };
}

export const meta: MetaFunction = () => [{ title: 'Ajustes · Seguimiento de Convenios' }];

export default function Settings() {
  const { pages } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Ajustes" />
      <ul className="instruments">
        {pages.map(({ to, title, text }) => (
          <li key={to} className="card">
            <h2>
              <Link to={to}>{title}</Link>
            </h2>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
