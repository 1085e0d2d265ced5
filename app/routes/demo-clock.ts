// The demo's clock moved to the next morning, when the day's notices go out.
import { redirect, type ActionFunctionArgs } from '@remix-run/node';
import { addDays, instantOf } from '../domain/plain-date.ts';
import { readAttention } from '../../db/attention.ts';
import { now, setDemoClock } from '../../db/clock.ts';
import { wakeWorker } from '../../db/wake.ts';
import { requireDemo, safePath } from '../server/access.ts';
import { readFields } from '../server/request-input.ts';

export async function action({ request, context }: ActionFunctionArgs) {
  requireDemo({ request, context }, 'demo-clock');
  const { volver } = await readFields(request, ['volver']);
  const { today } = await now(context.db);
  await setDemoClock(context.db, instantOf(`${addDays(today, 1)}T${(await readAttention(context.db)).hour}`));
  await wakeWorker(context.db);
  return redirect(safePath(volver), 303);
}

export function loader({ request, context }: ActionFunctionArgs) {
  requireDemo({ request, context }, 'demo-clock');
  return redirect('/');
}
