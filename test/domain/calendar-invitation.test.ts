// Invitations by mail as two calendar libraries read them, and what no name or title can slip into them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarFeed, type FeedItem } from '../../app/domain/calendar-feed.ts';
import {
  calendarInvitation,
  invitationMethod,
  type InvitationText,
} from '../../app/domain/calendar-invitation.ts';
import { APP_URL, feedItem, readBoth } from '../support/calendar-events.ts';

const invitation = (changes: Partial<FeedItem> = {}, more: Partial<InvitationText> = {}) =>
  calendarInvitation({
    item: feedItem(changes),
    app_url: APP_URL,
    organizer: { name: 'Seguimiento Convenio INE–IEM', address: 'avisos@convenio.example' },
    attendee: { name: 'Ximena Ejemplo Prueba', address: 'ximena@iem.example' },
    stamped_at: '2024-05-15T14:00:00.000000Z',
    ...more,
  });

/** The one event of a text as two libraries read it, and the calendar around it. */
function readOne(text: string) {
  const { calendar, first, second } = readBoth(text);
  expect([first.length, second.length]).toEqual([1, 1]);
  return { calendar, first: first[0], second: second[0]! };
}

/** The lines of a text as they were before folding. */
const unfolded = (text: string) => text.replaceAll('\r\n ', '').split('\r\n').slice(0, -1);

describe('an invitation', () => {
  test('is a request of the sender to one person, for the feed’s event, and asks for no answer', () => {
    const { calendar, first, second } = readOne(invitation());
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST');
    expect(second.uid).toBe('vencimiento-31@convenio.example');
    expect(second.uid).toBe(
      readOne(calendarFeed({ name: 'Mis', app_url: APP_URL, items: [feedItem()] })).second.uid,
    );
    expect(second.organizer).toBe('mailto:avisos@convenio.example');
    expect(second.attendees.map((attendee) => attendee.getFirstValue())).toEqual([
      'mailto:ximena@iem.example',
    ]);
    const [attendee] = second.attendees;
    expect(
      ['cn', 'role', 'partstat', 'rsvp'].map((parameter) => attendee!.getFirstParameter(parameter)),
    ).toEqual(['Ximena Ejemplo Prueba', 'REQ-PARTICIPANT', 'NEEDS-ACTION', 'FALSE']);
    expect(second.component.getFirstPropertyValue('dtstamp')?.toString()).toBe('2024-05-15T14:00:00Z');
    expect(first).toMatchObject({
      uid: 'vencimiento-31@convenio.example',
      method: 'REQUEST',
      datetype: 'date',
      status: 'CONFIRMED',
      transparency: 'TRANSPARENT',
      organizer: { val: 'mailto:avisos@convenio.example' },
      attendee: { val: 'mailto:ximena@iem.example', params: { RSVP: false } },
    });
    expect(second.startDate.toString()).toBe('2024-05-18');
    expect(invitation()).not.toContain('VALARM');
  });

  test('with an hour says it in the zone of Mexico City, which it defines', () => {
    const { first, second } = readOne(invitation({ due_time: '18:00' }));
    const start: unknown = first?.type === 'VEVENT' ? first.start : undefined;
    expect((start as Date).toISOString()).toBe('2024-05-19T00:00:00.000Z');
    expect(second.startDate.toString()).toBe('2024-05-18T18:00:00');
    expect(second.startDate.zone?.tzid).toBe('America/Mexico_City');
  });

  test('to what counts no more takes the same event out', () => {
    const text = invitation({ state: 'cancelled', reason: 'no se presentó el supuesto', sequence: 1 });
    const { calendar, first, second } = readOne(text);
    expect(calendar.getFirstPropertyValue('method')).toBe('CANCEL');
    expect(invitationMethod(text)).toBe('CANCEL');
    expect(first).toMatchObject({ status: 'CANCELLED', method: 'CANCEL', sequence: 1 });
    expect(second.uid).toBe('vencimiento-31@convenio.example');
    expect(second.organizer).toBe('mailto:avisos@convenio.example');
  });

  test('whatever titles, reasons and names hold, it stays one event of the same lines, none over 75 octets', () => {
    const wicked = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 120 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            '"',
            ';',
            ':',
            ',',
            '\\',
            '^n',
            '\r\n',
            '\n',
            '\r',
            '\u2028',
            'END:VEVENT',
            'METHOD:CANCEL',
            'ATTENDEE:mailto:otra@example.com',
            'ñ',
            '🗳️',
          ),
          { maxLength: 20 },
        )
        .map((pieces) => pieces.join('')),
    );
    const names = unfolded(invitation({ state: 'cancelled' })).map((line) => line.split(/[:;]/)[0]);
    fc.assert(
      fc.property(wicked, wicked, wicked, (title, reason, name) => {
        const text = invitation(
          { title, reason, state: 'cancelled' },
          { attendee: { name, address: 'ximena@iem.example' } },
        );
        for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
        expect(unfolded(text).map((line) => line.split(/[:;]/)[0])).toEqual(names);
        const { second } = readOne(text);
        expect(second.attendees.map((attendee) => attendee.getFirstValue())).toEqual([
          'mailto:ximena@iem.example',
        ]);
        expect(second.attendees[0]!.getFirstParameter('rsvp')).toBe('FALSE');
      }),
      { numRuns: 400 },
    );
  });

  test('an address keeps to its place, whatever it is made of', () => {
    const addressed = (address: string) =>
      readOne(invitation({}, { attendee: { name: 'Ana', address } })).second.attendees[0]!.getFirstValue();
    expect(addressed('ana+convenio@iem.example')).toBe('mailto:ana+convenio@iem.example');
    expect(addressed('ana?cc=otra@iem.example')).toBe('mailto:ana%3Fcc=otra@iem.example');
    expect(addressed('ana\r\nX-OTRA:1@iem.example')).toBe('mailto:ana%0D%0AX-OTRA:1@iem.example');
  });

  test('the same facts at the same instant give the same bytes', () => {
    expect(invitation()).toBe(invitation());
  });
});
