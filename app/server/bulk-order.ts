// What a form about chosen deadlines asks for, from what was typed to what was done: the same for every such form.
import { data, redirect } from '@remix-run/node';
import type { Errors } from '../components/form.tsx';
import { parseReason } from '../domain/form-fields.ts';
import type { ChosenOrder, ChosenOutcome } from '../../db/chosen-order.ts';
import { fieldsOf, notFound, readForm, valuesOf } from './request-input.ts';
import { readSelection } from './selection.ts';

interface Flow<Chosen> {
  /** The field that says what is done with what was chosen. */
  field: string;
  /** Said when no reason was written. */
  reasonMissing: string;
  /** What was typed in the field stands for, or what is wrong with it. */
  choose: (ids: number[], typed: string) => Promise<{ chosen: Chosen } | { error: string }>;
  apply: (order: Omit<ChosenOrder, 'person_id'>, chosen: Chosen) => Promise<ChosenOutcome>;
  /** Where to go once it is done. */
  next: (chosen: Chosen, obligations: number) => string;
}

/** Reads the form and carries it out, all or nothing. Throws 404 when what was chosen is no longer there. */
export async function takeOrder<Chosen>(request: Request, flow: Flow<Chosen>) {
  const form = await readForm(request);
  const typed = fieldsOf(form, [flow.field, 'motivo', 'visto']);
  const { motivo = '', visto = '', [flow.field]: choice = '' } = typed;
  const ids = readSelection(valuesOf(form, 'id'));
  const refuse = (status: number, errors: Errors<string>, refused: string | null = null) =>
    data({ errors, refused, motivo }, { status });
  if (ids.length === 0) return refuse(400, {}, 'No elegiste ningún vencimiento.');
  const read = await flow.choose(ids, choice);
  if ('error' in read) return refuse(400, { [flow.field]: read.error });
  const reason = parseReason(motivo, flow.reasonMissing);
  if (!reason.ok) return refuse(400, { motivo: reason.message });
  const outcome = await flow.apply({ deadline_ids: ids, reason: reason.value, seen: visto }, read.chosen);
  if (outcome.kind === 'not_found') throw notFound();
  if (outcome.kind === 'changed') {
    return refuse(409, {}, 'Algo cambió desde que viste la lista. Revísala otra vez y vuelve a aplicar.');
  }
  return redirect(flow.next(read.chosen, outcome.obligations), 303);
}
