import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBounce } from '../../app/domain/bounce.ts';

const dsn = (changes: { to?: string; recipient?: string; action?: string; status?: string } = {}) => {
  const {
    to = 'b+a-2024-000123@avisos.example',
    recipient = 'rfc822; Enlace.Deoe@iem.example',
    action = 'failed',
    status = '5.1.1',
  } = changes;
  return [
    'Return-Path: <>',
    `Delivered-To: ${to}`,
    'From: MAILER-DAEMON@mx.example',
    'Subject: Undelivered Mail Returned to Sender',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="=_x"',
    '',
    '--=_x',
    'Content-Type: text/plain',
    '',
    'I am sorry. b+a-2024-999999@avisos.example is quoted here.',
    '--=_x',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    `Final-Recipient: ${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    'Diagnostic-Code: smtp; 550 5.1.1 User unknown',
    '    in local recipient table',
    '',
    '--=_x--',
  ].join('\r\n');
};

describe('a mail that came back', () => {
  test('says which of ours it is, whom it did not reach and why', () => {
    expect(parseBounce(dsn())).toEqual({
      folio: 'A-2024-000123',
      recipient: 'enlace.deoe@iem.example',
      action: 'failed',
      status: '5.1.1',
      diagnostic: '550 5.1.1 User unknown in local recipient table',
    });
  });

  test('is told from a delay', () => {
    expect(parseBounce(dsn({ action: 'delayed', status: '4.4.1' }))).toMatchObject({
      action: 'delayed',
      status: '4.4.1',
    });
  });

  test('is recognised by where it came back to, not by an address that its text quotes', () => {
    expect(parseBounce(dsn({ to: 'otro@avisos.example' })).folio).toBeNull();
  });

  test('an answer that is no delivery status says nothing', () => {
    const vacation = 'To: b+a-2024-000123@avisos.example\nSubject: Fuera de la oficina\n\nVuelvo el lunes.';
    expect(parseBounce(vacation)).toEqual({
      folio: 'A-2024-000123',
      recipient: null,
      action: null,
      status: null,
      diagnostic: '',
    });
  });

  test('anything at all is read without fault, however large', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (raw) => void parseBounce(raw)));
    const huge = `${dsn()}\r\n${'x'.repeat(30_000_000)}`;
    expect(parseBounce(huge).status).toBe('5.1.1');
  });
});
