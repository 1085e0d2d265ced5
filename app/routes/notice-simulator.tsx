// ¿Quién recibirá qué y cuándo? The real planner over a span of days, if nobody reported anything.
import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, Link, useLoaderData } from '@remix-run/react';
import { DateInput, ErrorSummary, Field, Select } from '../components/form.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { rungWords, parseRungKey } from '../domain/ladder.ts';
import { MAIL_WORDS } from '../domain/mail-words.ts';
import {
  addDays,
  daysBetween,
  formatHour,
  formatLongDate,
  formatShortDate,
  localDateTime,
  parseIsoDate,
} from '../domain/plain-date.ts';
import { listResponsibleAreas } from '../../db/deadlines.ts';
import { simulateNotices, type SimulatedNotice } from '../../db/notice-simulation.ts';
import { requireActor } from '../server/access.ts';
import { areaOptions } from '../server/area-options.ts';

/** Longer spans are asked of the command line. */
const MOST_DAYS = 62;
/** Lines of one mail before the others are folded. */
const FIRST_ITEMS = 3;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'notice-simulator');
  const { searchParams } = new URL(request.url);
  const asked = (name: string) => searchParams.get(name)?.trim() ?? '';
  const typed = {
    desde: asked('desde') || moment.today,
    hasta: asked('hasta') || addDays(moment.today, 13),
    area: asked('area'),
    obligacion: asked('obligacion'),
  };
  const areas = areaOptions(await listResponsibleAreas(context.db));
  const errors: Partial<Record<keyof typeof typed, string>> = {};
  const from = parseIsoDate(typed.desde);
  const to = parseIsoDate(typed.hasta);
  if (!from.ok) errors.desde = from.message;
  else if (from.value < moment.today)
    errors.desde = 'Elige un día desde hoy: lo pasado está en el libro de avisos';
  if (!to.ok) errors.hasta = to.message;
  else if (from.ok && to.value < from.value) errors.hasta = 'El último día es anterior al primero';
  else if (daysBetween(moment.today, to.value) > MOST_DAYS)
    errors.hasta = `A lo más ${MOST_DAYS} días desde hoy`;
  if (typed.area !== '' && !areas.some(({ key }) => key === typed.area)) errors.area = 'No existe esa área';
  if (typed.obligacion.length > 60) errors.obligacion = 'Escribe la clave, por ejemplo AT-C-4';
  if (!from.ok || !to.ok || Object.keys(errors).length > 0) {
    return data({ typed, areas, errors, mails: null, days: [] }, { status: 400 });
  }
  const notices = await simulateNotices(context.db, moment, {
    from: from.value,
    to: to.value,
    ...(typed.area ? { area: typed.area } : {}),
    ...(typed.obligacion ? { obligation: typed.obligacion } : {}),
  });
  const days = byDay(notices);
  return data({
    typed,
    areas,
    errors: undefined,
    days,
    mails: days.reduce((sum, day) => sum + day.mails.length, 0),
  });
}

interface MailView {
  key: string;
  hour: string;
  name: string;
  capacity: string;
  kind: string;
  items: { key: string; to: string; words: string }[];
}

/** The mails of each day in the order in which they go out, each with what it tells. */
function byDay(notices: SimulatedNotice[]): { day: string; title: string; mails: MailView[] }[] {
  const days = new Map<string, Map<string, MailView>>();
  for (const notice of notices) {
    const mails = days.get(notice.on) ?? new Map<string, MailView>();
    days.set(notice.on, mails);
    const apart = notice.mail === 'digest' ? '' : notice.rung;
    const key = [notice.at, notice.person_id, notice.mail, apart].join(' ');
    const mail = mails.get(key) ?? {
      key,
      hour: formatHour(localDateTime(notice.at).slice(11)),
      name: notice.name,
      capacity: notice.capacity === notice.name ? '' : notice.capacity,
      kind: MAIL_WORDS[notice.mail],
      items: [],
    };
    mails.set(key, mail);
    const rung = parseRungKey(notice.rung);
    const hour = notice.due_time === null ? '' : `, ${formatHour(notice.due_time)}`;
    mail.items.push({
      key: `${notice.deadline_id}/${notice.rung}`,
      to: `/vencimientos/${notice.deadline_id}`,
      words: `${notice.obligation}: ${notice.kind === 'escalation' ? 'venció' : 'vence'} ${formatShortDate(notice.due_on)}${hour}${rung ? ` (${rungWords(rung)})` : ''}`,
    });
  }
  return [...days].map(([day, mails]) => ({ day, title: formatLongDate(day), mails: [...mails.values()] }));
}

export const meta: MetaFunction = () => [{ title: 'Simulador de avisos · Seguimiento de Convenios' }];

export default function NoticeSimulator() {
  const { typed, areas, errors, days, mails } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="¿Quién recibirá qué y cuándo?" kicker={<Link to="/ajustes">Ajustes</Link>}>
        <p className="lead">
          Los avisos que saldrían desde ahora si nadie reportara nada; los que ya salieron están en el{' '}
          <Link to="/avisos">libro de avisos</Link>. Simular no envía ni guarda nada.
        </p>
      </PageHeader>
      <ErrorSummary errors={errors} />
      <Form method="get" className="filters" role="search">
        <div className="filter-fields">
          <Field name="desde" label="Desde" error={errors?.desde}>
            {(control) => <DateInput control={control} value={typed.desde} />}
          </Field>
          <Field name="hasta" label="Hasta" error={errors?.hasta}>
            {(control) => <DateInput control={control} value={typed.hasta} />}
          </Field>
          <Field name="area" label="Área responsable" error={errors?.area}>
            {(control) => <Select control={control} value={typed.area} none="Todas" options={areas} />}
          </Field>
          <Field name="obligacion" label="Obligación (clave)" error={errors?.obligacion}>
            {(control) => <input {...control} defaultValue={typed.obligacion} />}
          </Field>
        </div>
        <p className="filter-result">
          <button className="button button-quiet">Simular</button>
          {mails !== null && <output>{mails === 1 ? '1 correo' : `${mails} correos`}</output>}
        </p>
      </Form>
      {mails === 0 && <EmptyState>No saldría ningún aviso en esos días.</EmptyState>}
      {days.map(({ day, title, mails: list }, index) => (
        <details key={day} open={index === 0} className="day-mails">
          <summary>
            <h2>{title}</h2>{' '}
            <span className="quiet">{list.length === 1 ? '1 correo' : `${list.length} correos`}</span>
          </summary>
          <table className="table stack" aria-label={title}>
            <thead>
              <tr>
                <th scope="col">Hora</th>
                <th scope="col">Persona</th>
                <th scope="col">Correo</th>
                <th scope="col">Qué dice</th>
              </tr>
            </thead>
            <tbody>
              {list.map((mail) => (
                <tr key={mail.key}>
                  <td data-label="Hora" className="date">
                    {mail.hour}
                  </td>
                  <td data-label="Persona">
                    {mail.name} {mail.capacity && <span className="quiet">{mail.capacity}</span>}
                  </td>
                  <td data-label="Correo">{mail.kind}</td>
                  <td data-label="Qué dice">
                    <MailItems items={mail.items} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      ))}
    </>
  );
}

/** The first few, and how many more a mail tells. */
function MailItems({ items }: Pick<MailView, 'items'>) {
  const list = (shown: MailView['items']) => (
    <ul className="plain-list">
      {shown.map(({ key, to, words }) => (
        <li key={key}>
          <Link to={to}>{words}</Link>
        </li>
      ))}
    </ul>
  );
  const rest = items.slice(FIRST_ITEMS);
  return (
    <div>
      {list(items.slice(0, FIRST_ITEMS))}
      {rest.length > 0 && (
        <details>
          <summary>y {rest.length} más</summary>
          {list(rest)}
        </details>
      )}
    </div>
  );
}
