// The end of every log-in: the session it opens in place of an earlier one, and where it leads.
import { redirect, type AppLoadContext } from '@remix-run/node';
import { openSession, revokeSession } from '../../db/sessions.ts';
import { safePath } from './access.ts';
import { readSessionToken, sessionCookieHeader } from './session-cookie.ts';

/** Opens a session for somebody who has proved who they are, and sends them to the path `back`. */
export async function completeLogin(
  { request, context }: { request: Request; context: AppLoadContext },
  personId: number,
  back: string,
) {
  const earlier = readSessionToken(request, context.appUrl);
  if (earlier) await revokeSession(context.db, earlier);
  const answer = redirect(safePath(back), 303);
  const token = await openSession(context.db, personId);
  answer.headers.append('Set-Cookie', sessionCookieHeader(context.appUrl, token));
  if (readSessionToken(request, context.appUrl, 'half_login')) {
    answer.headers.append('Set-Cookie', sessionCookieHeader(context.appUrl, undefined, 'half_login'));
  }
  return answer;
}
