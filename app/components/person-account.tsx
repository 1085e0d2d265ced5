// What somebody's account may do and how it is reached: roles, address, sessions, second step, and its end.
import { Form } from '@remix-run/react';
import type { Role } from '../../db/schema.ts';
import { Field, FieldError, SubmitButton } from './form.tsx';
import { EmptyState } from './page-header.tsx';

/** The roles, each with a button when the reader may give them. */
export function PersonRoles({
  roles,
  may_give,
  error,
}: {
  roles: { role: Role; name: string; held: boolean }[];
  may_give: boolean;
  error: string | undefined;
}) {
  return (
    <section aria-labelledby="papeles">
      <h2 id="papeles">Papeles</h2>
      <FieldError name="papel" error={error} />
      <ul className="rows">
        {roles.map(({ role, name, held }) => (
          <li key={role}>
            <p>
              {name} <span className="quiet">{held ? 'lo tiene' : 'no lo tiene'}</span>
            </p>
            {may_give && (
              <Form method="post">
                <input type="hidden" name="papel" value={role} />
                <SubmitButton
                  pending="Guardando…"
                  quiet
                  name="hacer"
                  value={held ? 'quitar-papel' : 'dar-papel'}
                >
                  {held ? 'Quitar' : 'Dar'}
                  <span className="unseen"> el papel {name}</span>
                </SubmitButton>
              </Form>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The address, or what was typed in its place and refused. */
export function PersonAddress({
  email,
  bounced,
  error,
}: {
  email: string;
  bounced: boolean;
  error: string | undefined;
}) {
  return (
    <section aria-labelledby="direccion">
      <h2 id="direccion">Correo</h2>
      {bounced && (
        <p className="notice">
          Sus correos están rebotando. Corrige la dirección, o guárdala igual si ya se arregló.
        </p>
      )}
      <Form method="post" className="form" noValidate>
        <Field name="correo" label="Correo institucional" error={error}>
          {(control) => <input {...control} type="email" autoComplete="off" defaultValue={email} required />}
        </Field>
        <SubmitButton pending="Guardando…" quiet name="hacer" value="corregir-correo">
          Guardar correo
        </SubmitButton>
      </Form>
    </section>
  );
}

/** `last_seen`: when each open session was last used, in words, the newest first. */
export function PersonSessions({ last_seen }: { last_seen: string[] }) {
  return (
    <section aria-labelledby="sesiones">
      <h2 id="sesiones">Sesiones abiertas</h2>
      {last_seen.length === 0 ? (
        <EmptyState>No tiene sesiones abiertas.</EmptyState>
      ) : (
        <>
          <p>
            {last_seen.length === 1 ? '1 sesión' : `${last_seen.length} sesiones`}; la última actividad fue{' '}
            {last_seen[0]}.
          </p>
          <Form method="post">
            <SubmitButton pending="Cerrando…" quiet name="hacer" value="cerrar-sesiones">
              Cerrar todas sus sesiones
            </SubmitButton>
          </Form>
        </>
      )}
    </section>
  );
}

/** The second step of somebody who has it. */
export function PersonSecondStep({ may_take }: { may_take: boolean }) {
  return (
    <section aria-labelledby="segundo-paso">
      <h2 id="segundo-paso">Verificación en dos pasos</h2>
      <p>
        Activa. Si perdió el teléfono y sus códigos de recuperación, una persona de administración puede
        quitarla, después de comprobar quién lo pide; podrá activarla otra vez.
      </p>
      {may_take && (
        <Form method="post">
          <SubmitButton pending="Quitando…" quiet name="hacer" value="quitar-segundo-paso">
            Quitar la verificación
          </SubmitButton>
        </Form>
      )}
    </section>
  );
}

/** Where an account is closed, or opened again. */
export function PersonFarewell({ disabled }: { disabled: boolean }) {
  return (
    <section aria-labelledby="baja">
      <h2 id="baja">{disabled ? 'Reactivar' : 'Dar de baja'}</h2>
      <p>
        {disabled
          ? 'Podrá volver a entrar y recibir avisos de los cargos que aún tenga vigentes.'
          : 'Desde ese instante no puede entrar ni recibe ningún correo, y sus suscripciones e invitaciones de calendario terminan. Lo que hizo se conserva.'}
      </p>
      <Form method="post">
        <SubmitButton pending="Guardando…" quiet name="hacer" value={disabled ? 'reactivar' : 'dar-de-baja'}>
          {disabled ? 'Reactivar' : 'Dar de baja ahora'}
        </SubmitButton>
      </Form>
    </section>
  );
}
