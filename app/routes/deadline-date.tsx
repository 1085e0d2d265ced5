// Saying a deadline's date by hand, in two steps: what it would move, and only then the change.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { DeadlineHead } from '../components/deadline-head.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { Facts } from '../components/facts.tsx';
import { ErrorSummary, HiddenFields, SubmitButton, type Errors } from '../components/form.tsx';
import { ManualDateForm } from '../components/manual-date-form.tsx';
import { MovedDates, type MovedDate } from '../components/moved-dates.tsx';
import { obstacleWords } from '../components/obstacle-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { Refusal, type RefusalWords } from '../components/refusal.tsx';
import {
  MANUAL_DATE_FIELDS,
  NO_MANUAL_DATE,
  parseManualDate,
  type ManualDateField,
} from '../domain/manual-date-form.ts';
import { GROUND_WORDS } from '../domain/manual-ground.ts';
import { changeDate, followedFrom, type DateChangeOutcome } from '../../db/manual-dates.ts';
import { requireActor } from '../server/access.ts';
import { requireDeadline } from '../server/deadline-access.ts';
import { computedWords } from '../server/deadline-facts.ts';
import { dateWarnings, viewMoved } from '../server/moved-dates.ts';
import { readFields, readId } from '../server/request-input.ts';

type Asked = Pick<LoaderFunctionArgs, 'request' | 'context' | 'params'>;

async function requireOne({ request, context, params }: Asked) {
  const { actor, moment } = await requireActor({ request, context }, 'deadline-date');
  const { deadline } = await requireDeadline(context.db, moment, actor, readId(params.id));
  return { actor, moment, deadline };
}

const SETTLED: RefusalWords = {
  text: 'Este vencimiento ya está concluido o cerrado: su fecha se queda como está.',
};

/** Why the date was not changed, in words. */
function refusal(outcome: Exclude<DateChangeOutcome, { kind: 'changed' }>): RefusalWords {
  switch (outcome.kind) {
    case 'changed_meanwhile':
      return { text: 'La fecha cambió mientras la veías. Revisa cómo quedó e inténtalo otra vez.' };
    case 'not_countable':
      return { text: outcome.message };
    case 'not_by_hand':
      return { text: 'La fecha ya es la que da la regla.' };
    default:
      return obstacleWords(outcome);
  }
}

export async function loader(asked: LoaderFunctionArgs) {
  const { moment, deadline } = await requireOne(asked);
  const settled = ['concluded_on_time', 'concluded_late', 'waived'].includes(deadline.status);
  return {
    deadline: viewDeadline(deadline, moment.today),
    version: deadline.version,
    refused: settled ? SETTLED : null,
    computed: deadline.manual_ground === null ? null : (computedWords(deadline.steps) ?? 'sin fecha todavía'),
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, deadline } = await requireOne(asked);
  const { db } = asked.context;
  const { step, version, ...typed } = await readFields(asked.request, [
    ...MANUAL_DATE_FIELDS,
    'step',
    'version',
  ]);
  const none: Errors<ManualDateField> = {};
  const edit = { kind: 'edit' as const, typed, errors: none, refused: null };
  if (step === 'edit') return edit;
  const read = parseManualDate(typed, await followedFrom(db, deadline.id));
  if (!read.ok) return data({ ...edit, errors: read.errors }, { status: 400 });
  const seen = /^\d{1,9}$/.test(version) ? Number(version) : 0;
  const change = { ...read.value, deadline_id: deadline.id, version: seen, person_id: actor.id };
  const outcome = await changeDate(db, change, moment, step !== 'save');
  if (outcome.kind !== 'changed') return data({ ...edit, refused: refusal(outcome) }, { status: 409 });
  if (step === 'save') return redirect(`/vencimientos/${deadline.id}#historia`, 303);
  return {
    kind: 'preview' as const,
    typed,
    version,
    by: change.which === 'said' ? GROUND_WORDS[change.ground].sentence : 'La fecha que da la regla',
    document: change.document,
    reason: change.reason,
    warnings: change.which === 'said' ? dateWarnings(change.due_on, deadline.opens_on, moment.today) : [],
    moved: viewMoved(outcome.moved),
    notices: outcome.notices,
    mails: outcome.mails,
  };
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Fijar la fecha de ${page?.deadline.ref ?? 'un vencimiento'} · Seguimiento de Convenios` },
];

export default function DeadlineDate() {
  const { deadline, version, refused, computed } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const page = `/vencimientos/${deadline.id}`;
  if (answer?.kind === 'preview') {
    return <Preview deadline={`${deadline.ref} ${deadline.title}`} preview={answer} />;
  }
  return (
    <div className="narrow">
      <DeadlineHead title="Fijar la fecha" deadline={deadline}>
        <Facts rows={[['La regla da', computed]]} />
      </DeadlineHead>
      <Refusal title="No se cambió la fecha" refusal={answer?.refused ?? refused} />
      <ErrorSummary errors={answer?.errors} />
      {refused ? (
        <p>
          <Link to={page}>Volver al vencimiento</Link>
        </p>
      ) : (
        <ManualDateForm
          typed={answer?.typed ?? NO_MANUAL_DATE}
          errors={answer?.errors}
          version={version}
          computed={computed}
          cancel={page}
        />
      )}
    </div>
  );
}

interface PreviewFacts {
  typed: Record<ManualDateField, string>;
  version: string;
  by: string;
  document: string;
  reason: string;
  warnings: string[];
  moved: MovedDate[];
  notices: number;
  mails: number;
}

function Preview({ deadline, preview }: { deadline: string; preview: PreviewFacts }) {
  const { typed, version, by, document, reason, warnings, moved, notices, mails } = preview;
  return (
    <>
      <PageHeader title="Antes de cambiar la fecha" kicker={deadline}>
        <Facts
          rows={[
            ['La fija', by],
            ['Documento', document],
            ['Motivo', reason],
          ]}
        />
      </PageHeader>
      {warnings.map((warning) => (
        <p key={warning} className="notice">
          {warning}
        </p>
      ))}
      <MovedDates moved={moved} notices={notices} mails={mails} />
      <Form method="post" className="form">
        <HiddenFields fields={{ ...typed, version }} />
        <p className="actions">
          <SubmitButton name="step" value="save" pending="Guardando…">
            Cambiar la fecha
          </SubmitButton>
          <SubmitButton quiet name="step" value="edit" pending="Volviendo…">
            Corregir
          </SubmitButton>
        </p>
      </Form>
    </>
  );
}
