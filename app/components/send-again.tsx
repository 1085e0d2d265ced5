// Sending once more what nobody could take: a form that left this page without loading another keeps its words here.
import { useNavigation, useSubmit } from '@remix-run/react';

interface Sent {
  data: FormData;
  action: string;
  encType: 'application/x-www-form-urlencoded' | 'multipart/form-data';
}

/** The form that left last; undefined in a page that was loaded since. */
let last: Sent | undefined;

/** Notes a form as it leaves; for the document's own listener. */
export function noteSent({ target, submitter }: SubmitEvent): void {
  if (!(target instanceof HTMLFormElement) || target.method !== 'post') return;
  const url = new URL(target.action);
  last = {
    data: new FormData(target, submitter),
    action: url.pathname + url.search,
    encType:
      target.enctype === 'multipart/form-data' ? 'multipart/form-data' : 'application/x-www-form-urlencoded',
  };
}

/** The button that sends it again, or where else the words are. */
export function SendAgain() {
  const submit = useSubmit();
  const { state } = useNavigation();
  if (!last) return <p>Regresa con «Atrás»: ahí sigue lo que escribiste, para enviarlo otra vez.</p>;
  const { data, action, encType } = last;
  return (
    <p>
      <button
        type="button"
        className="button"
        disabled={state !== 'idle'}
        onClick={() => submit(data, { method: 'post', action, encType })}
      >
        {state === 'idle' ? 'Enviarlo otra vez' : 'Enviando…'}
      </button>
    </p>
  );
}
