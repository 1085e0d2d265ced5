// Leaving: the session ends on the server, not only in the browser.
import { redirect, type ActionFunctionArgs } from '@remix-run/node';
import { revokeSession } from '../../db/sessions.ts';
import { readSessionToken, sessionCookieHeader } from '../server/session-cookie.ts';

export async function action({ request, context }: ActionFunctionArgs) {
  const token = readSessionToken(request, context.appUrl);
  if (token) await revokeSession(context.db, token);
  return redirect('/entrar', {
    status: 303,
    headers: { 'Set-Cookie': sessionCookieHeader(context.appUrl, undefined) },
  });
}

export function loader() {
  return redirect('/');
}
