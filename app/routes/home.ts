// The front door: sends everybody to where their work begins.
import { redirect, type LoaderFunctionArgs } from '@remix-run/node';
import { findVisitor, homeOf } from '../server/access.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor } = await findVisitor({ request, context });
  return redirect(actor ? homeOf(actor) : '/entrar');
}
