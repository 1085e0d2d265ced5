// What the screens know of the mails: samples that the program hands in, and how a mail's HTML is served to a frame.
import type { AppLoadContext } from '@remix-run/node';
import { notFound } from './request-input.ts';

/** A mail with made-up data. The web does not make mails: whoever puts the program together brings the samples. */
export interface MailSample {
  id: string;
  label: string;
  render: () => { subject: string; html: string; text: string };
}

/** The sample of that name. Throws 404 when there is none. */
export function requireSample({ mailSamples }: AppLoadContext, id: string | undefined): MailSample {
  const sample = mailSamples.find((candidate) => candidate.id === id);
  if (!sample) throw notFound();
  return sample;
}

/** It may style itself and nothing else. */
const POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/** A mail's HTML as the document of a sandboxed frame. */
export function framedMail(html: string): Response {
  return new Response(html, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'no-store',
    },
  });
}
