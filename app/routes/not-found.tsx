// Every address that is none of ours.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Problem } from '../components/problem.tsx';
import { notFound } from '../server/request-input.ts';

export function loader(_args: LoaderFunctionArgs): never {
  throw notFound();
}

export const meta: MetaFunction = () => [{ title: 'Página no encontrada · Seguimiento de Convenios' }];

export function ErrorBoundary() {
  return <Problem status={404} />;
}

export default function NotFound() {
  return <Problem status={404} />;
}
