// The official reminder of what the INE owes, as a text document for the Secretaría Ejecutiva.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { REPORT_FILES } from '../documents/report-files.ts';
import { outlineDocx } from '../documents/outline-docx.ts';
import { listDependants } from '../../db/anchors.ts';
import { requireActor } from '../server/access.ts';
import { requireDeadline } from '../server/deadline-access.ts';
import { canRemindIne, ineReminder, waitingOfOurs } from '../server/ine-reminder.ts';
import { download } from '../server/report-download.ts';
import { readId } from '../server/request-input.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'ine-reminder');
  const { deadline } = await requireDeadline(context.db, moment, actor, readId(params['id']));
  if (!canRemindIne(deadline)) {
    throw new Response(
      'Sólo hay recordatorio de lo que el INE debe, está por vencer o venció, y no se ha recibido.',
      {
        status: 409,
      },
    );
  }
  const waiting = waitingOfOurs(await listDependants(context.db, moment, deadline));
  return download(request, REPORT_FILES.docx.type, `recordatorio-${deadline.ref}-${moment.today}.docx`, () =>
    outlineDocx(ineReminder(deadline, waiting, moment)),
  );
}
