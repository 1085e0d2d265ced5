// The posts somebody holds and held: ending one, and appointing them to another.
import { Form, Link } from '@remix-run/react';
import { DateInput, Field, FieldError, Select, SubmitButton, type Errors, type Option } from './form.tsx';
import { EmptyState } from './page-header.tsx';
import { POST_WORDS } from './staff-words.ts';

const POSTS: Option[] = Object.entries(POST_WORDS).map(([key, name]) => ({ key, name }));

export interface PersonPost {
  id: number;
  post: string;
  area: string;
  /** Days in words; `until` is null while no last day is known. */
  from: string;
  until: string | null;
  /** Whether it can still be ended. */
  open: boolean;
}

/** What was typed and refused: the values by the name of their field, and what is wrong. */
export interface Refused<Name extends string> {
  errors: Errors<Name>;
  typed: Readonly<Record<Name, string>>;
}

/** `person_id` names the address of each handover; `today` is what the last day is proposed to be. */
export function PersonPosts({
  person_id,
  posts,
  today,
  refused,
}: {
  person_id: number;
  posts: PersonPost[];
  today: string;
  refused: Refused<'cargo' | 'ultimo_dia'> | undefined;
}) {
  return (
    <section aria-labelledby="cargos">
      <h2 id="cargos">Cargos</h2>
      {posts.length === 0 ? (
        <EmptyState>No ha ocupado ningún cargo.</EmptyState>
      ) : (
        <ul className="rows">
          {posts.map(({ id, post, area, from, until, open }) => (
            <li key={id}>
              <div>
                <p>{`${post} · ${area}`}</p>
                <p className="quiet">
                  Desde {from}
                  {until && ` hasta ${until}`}
                </p>
                <p>
                  <Link className="more" to={`/personas/${person_id}/entrega/${id}`}>
                    Entrega–recepción
                  </Link>
                </p>
              </div>
              {open && (
                <Form method="post" className="inline-form">
                  <input type="hidden" name="cargo" value={id} />
                  <label>
                    Último día{' '}
                    <input
                      type="date"
                      name="ultimo_dia"
                      defaultValue={refused?.typed.cargo === String(id) ? refused.typed.ultimo_dia : today}
                    />
                  </label>
                  <SubmitButton pending="Terminando…" quiet name="hacer" value="terminar">
                    Terminar
                  </SubmitButton>
                </Form>
              )}
            </li>
          ))}
        </ul>
      )}
      <FieldError name="ultimo_dia" error={refused?.errors.ultimo_dia} />
    </section>
  );
}

/** The form that appoints somebody to a post of one of these areas. */
export function Appoint({
  areas,
  today,
  refused,
}: {
  areas: Option[];
  today: string;
  refused: Refused<'area' | 'puesto' | 'desde'> | undefined;
}) {
  const { errors, typed } = refused ?? {};
  return (
    <section aria-labelledby="nombrar">
      <h2 id="nombrar">Nombrar en un cargo</h2>
      <Form method="post" className="form" noValidate>
        <Field name="area" label="Área" error={errors?.area}>
          {(control) => (
            <Select control={control} value={typed?.area ?? ''} none="Elige una" options={areas} required />
          )}
        </Field>
        <Field name="puesto" label="Cargo" error={errors?.puesto}>
          {(control) => (
            <Select control={control} value={typed?.puesto ?? ''} none="Elige uno" options={POSTS} required />
          )}
        </Field>
        <Field name="desde" label="Desde" error={errors?.desde}>
          {(control) => <DateInput control={control} value={typed?.desde ?? today} required />}
        </Field>
        <SubmitButton pending="Guardando…" name="hacer" value="nombrar">
          Nombrar
        </SubmitButton>
      </Form>
    </section>
  );
}
