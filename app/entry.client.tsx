// Wakes the page in the browser; every form and link already works before it does.
import { RemixBrowser } from '@remix-run/react';
import { startTransition } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { noteSent } from './components/send-again.tsx';

document.addEventListener('submit', noteSent, { capture: true });

startTransition(() => {
  hydrateRoot(document, <RemixBrowser />);
});
