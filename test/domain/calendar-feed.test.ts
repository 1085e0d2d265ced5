import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarFeed, type FeedItem } from '../../app/domain/calendar-feed.ts';
import { addDays } from '../../app/domain/plain-date.ts';
import { APP_URL, feedItem as item, readBoth } from '../support/calendar-events.ts';

const feed = (...items: FeedItem[]) => calendarFeed({ name: 'Mis vencimientos', app_url: APP_URL, items });

describe('the calendar by subscription', () => {
  test('gives a day without hour as that day, to the day after', () => {
    const text = feed(item());
    expect(text).toContain('DTSTART;VALUE=DATE:20240518\r\nDTEND;VALUE=DATE:20240519\r\n');
    const { first, second } = readBoth(text);
    expect(first).toHaveLength(1);
    expect(first[0]).toMatchObject({ datetype: 'date', status: 'CONFIRMED', transparency: 'TRANSPARENT' });
    expect(second[0]!.startDate.toString()).toBe('2024-05-18');
    expect(second[0]!.summary).toBe('VENCE: Relación de bodegas electorales');
  });

  test('says an hour in the zone of Mexico City, which it defines', () => {
    const { first, second } = readBoth(feed(item({ due_time: '18:00' })));
    const start: unknown = first[0]?.type === 'VEVENT' ? first[0].start : undefined;
    expect((start as Date).toISOString()).toBe('2024-05-19T00:00:00.000Z');
    expect(second[0]!.startDate.toString()).toBe('2024-05-18T18:00:00');
    expect(second[0]!.startDate.zone?.tzid).toBe('America/Mexico_City');
  });

  test('a moved deadline keeps its name and counts one change more', () => {
    const before = readBoth(feed(item())).second[0]!;
    const after = readBoth(feed(item({ due_on: '2024-11-23', sequence: 1 }))).second[0]!;
    expect(after.uid).toBe(before.uid);
    expect(after.sequence).toBeGreaterThan(before.sequence);
  });

  test('what was called off stays, as cancelled and with the reason', () => {
    const { second } = readBoth(
      feed(item({ state: 'cancelled', reason: 'la condición no se actualizó', sequence: 1 })),
    );
    expect(second[0]!.component.getFirstPropertyValue('status')).toBe('CANCELLED');
    expect(second[0]!.description).toContain('Sin efecto: la condición no se actualizó.');
  });

  test('a provisional date says so, and every event says when it was last changed and where to open it', () => {
    const { second } = readBoth(feed(item({ provisional: true })));
    expect(second[0]!.description).toContain('Fecha provisional.');
    expect(second[0]!.description).toContain('Actualizado: mié 3 abr 2024, 9:00 h');
    expect(second[0]!.component.getFirstPropertyValue('url')).toBe(
      'https://convenio.example/vencimientos/31',
    );
  });

  test('any text arrives as it was written, on lines of at most 75 octets', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 200 })
      .map((words) => words.replace(/[\p{Cc}\p{Cs}]/gu, ''));
    fc.assert(
      fc.property(text, (title) => {
        const out = feed(item({ title }));
        for (const line of out.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        expect(readBoth(out).second[0]!.summary).toBe(`VENCE: ${title}`);
      }),
      { numRuns: 300 },
    );
  });

  test('the day in the list is the day in the calendar, for every day of the process', () => {
    const days = Array.from({ length: 400 }, (_, day) => addDays('2023-09-01', day));
    const { second } = readBoth(feed(...days.map((due_on, id) => item({ id, due_on }))));
    expect(second.map(({ startDate }) => startDate.toString())).toEqual(days);
  });

  test('the same facts give the same bytes', () => {
    expect(feed(item(), item({ id: 32 }))).toBe(feed(item(), item({ id: 32 })));
  });

  test('two thousand events weigh less than a megabyte', () => {
    const items = Array.from({ length: 2000 }, (_, id) => item({ id }));
    expect(Buffer.byteLength(feed(...items))).toBeLessThan(1_000_000);
  });
});
