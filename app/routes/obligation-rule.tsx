// The rule editor: how an obligation's dates are computed, said in plain words, tried, and put in force with its act.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { ErrorSummary, Field, FormEnd, SubmitButton } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { RuleEffects } from '../components/rule-effects.tsx';
import { RuleFields } from '../components/rule-fields.tsx';
import { RULE_TYPE_WORDS } from '../components/rule-type-words.ts';
import { readRuleType, RULE_TYPES } from '../domain/rule-form.ts';
import { requireActor } from '../server/access.ts';
import { obligationPath, requireObligation } from '../server/obligation-access.ts';
import { readFields } from '../server/request-input.ts';
import { answerRuleForm, EDITOR_FIELDS, openRuleForm } from '../server/rule-editor.ts';

type Asked = Pick<LoaderFunctionArgs, 'request' | 'context' | 'params'>;

async function requireEditor({ request, context, params }: Asked) {
  const { actor, moment } = await requireActor({ request, context }, 'obligation-rule');
  const { obligation } = await requireObligation(context.db, actor, params.ref, request.url);
  return { actor, moment, obligation };
}

export async function loader(asked: LoaderFunctionArgs) {
  const { obligation } = await requireEditor(asked);
  const type = readRuleType(new URL(asked.request.url).searchParams.get('tipo'));
  const form = await openRuleForm(asked.context.db, obligation, type);
  const here = obligationPath(obligation, '/regla');
  return {
    ref: obligation.ref,
    title: obligation.title,
    clause: obligation.clause_text,
    path: obligationPath(obligation),
    choose: here,
    type,
    action: `${here}&tipo=${type ?? ''}#fechas`,
    types: RULE_TYPES.map((key) => ({ key, to: `${here}&tipo=${key}`, ...RULE_TYPE_WORDS[key] })),
    ...form,
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, obligation } = await requireEditor(asked);
  const typed = await readFields(asked.request, EDITOR_FIELDS);
  const answer = await answerRuleForm(asked.context.db, obligation, actor, moment, typed);
  if (answer.kind === 'saved')
    return redirect(`${obligationPath(obligation)}&guardada=${answer.version}`, 303);
  const { status, ...shown } = answer.shown;
  return data(shown, { status });
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page ? `Regla de ${page.ref}` : 'Regla de plazo'} · Seguimiento de Convenios` },
];

export default function ObligationRule() {
  const page = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title={`Regla de plazo de ${page.ref}`} kicker={<Link to={page.path}>{page.title}</Link>}>
        <p>
          Regla vigente: {page.current.words}
          {page.current.words && '.'}
        </p>
      </PageHeader>
      {page.type ? <Editor key={page.type} type={page.type} /> : <TypeChoice />}
    </>
  );
}

function TypeChoice() {
  const { types, current } = useLoaderData<typeof loader>();
  return (
    <section aria-labelledby="tipo">
      <h2 id="tipo">¿Cómo dice el documento que se calcula?</h2>
      <ul className="rule-types">
        {types.map(({ key, to, name, example }) => (
          <li key={key}>
            <Link to={to} aria-current={key === current.type ? 'true' : undefined}>
              <strong>{name}</strong>
              <span className="example">«{example}»</span>
              {key === current.type && <span className="quiet">La regla vigente es de este tipo</span>}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Editor({ type }: { type: (typeof RULE_TYPES)[number] }) {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const typed = answer?.typed ?? page.typed;
  const errors = answer?.errors ?? {};
  const { preview, notice } = answer ?? {};
  const { name, example } = RULE_TYPE_WORDS[type];
  return (
    <>
      {notice && (
        <div className="error-summary" role="alert">
          <h2>{notice.title}</h2>
          {notice.lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      <ErrorSummary errors={answer?.errors} />
      <Form method="post" action={page.action} className="form rule-form" noValidate>
        <input type="hidden" name="type" value={type} />
        <input type="hidden" name="base_version" value={answer?.base_version ?? page.base_version} />
        <input type="hidden" name="seen" value={preview?.fingerprint ?? ''} />
        <fieldset className="group">
          <legend>El documento</legend>
          {page.clause && (
            <details>
              <summary>Texto de la cláusula</summary>
              <blockquote className="clause-text">{page.clause}</blockquote>
            </details>
          )}
          <Field
            name="sentence"
            label="El plazo, con las palabras del documento"
            hint={`Así decía: «${page.current.sentence}».`}
            error={errors.sentence}
          >
            {(control) => <textarea {...control} rows={2} defaultValue={typed.sentence} required />}
          </Field>
          <Field
            name="act"
            label="Documento que lo ordena"
            hint="Acuerdo, adenda u oficio, con su número. Se pide para guardar."
            error={errors.act}
          >
            {(control) => <input {...control} type="text" defaultValue={typed.act} />}
          </Field>
        </fieldset>
        <fieldset className="group">
          <legend>{name}</legend>
          <p className="quiet">
            «{example}». <Link to={page.choose}>Elegir otro tipo</Link>
          </p>
          <RuleFields
            type={type}
            typed={typed}
            errors={errors}
            anchors={page.anchors}
            triggers={page.triggers}
            rrule={answer?.rrule ?? page.rrule}
          />
        </fieldset>
        <FormEnd cancel={page.path}>
          <SubmitButton pending="Calculando…" name="intent" value="preview" quiet={preview !== undefined}>
            Ver fechas
          </SubmitButton>
        </FormEnd>
        {preview && (
          <section className="rule-preview" aria-labelledby="fechas">
            <RuleEffects preview={preview} />
            <p className="quiet">
              Al guardar se crea una versión nueva de la regla; la anterior se conserva y se puede consultar.
              Lo concluido no cambia y los avisos pendientes de las fechas que se mueven se cancelan.
            </p>
            <p className="actions">
              <SubmitButton pending="Guardando…" name="intent" value="save">
                Guardar la regla
              </SubmitButton>
            </p>
          </section>
        )}
      </Form>
    </>
  );
}
