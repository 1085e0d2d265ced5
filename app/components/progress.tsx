// Says that something takes longer than a moment: a bar on top of the page, and words for who does not see it.
import { useNavigation } from '@remix-run/react';
import { useEffect, useState } from 'react';

/** Milliseconds after which a wait is worth a word; what is quicker would only flicker. */
const PATIENCE_MS = 500;

export function Progress() {
  const { state, formMethod } = useNavigation();
  const busy = state !== 'idle';
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(busy), busy ? PATIENCE_MS : 0);
    return () => clearTimeout(timer);
  }, [busy]);
  const shown = busy && long;
  return (
    <>
      <div className="progress" data-busy={shown || undefined} aria-hidden="true" />
      <p className="unseen" role="status">
        {shown && (formMethod === 'POST' ? 'Guardando…' : 'Cargando…')}
      </p>
    </>
  );
}
