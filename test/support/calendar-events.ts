// A deadline as calendars tell it, and their events as two libraries that know nothing of each other read them.
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';
import type { FeedItem } from '../../app/domain/calendar-feed.ts';

export const APP_URL = 'https://convenio.example';

/** One open deadline due on 18 May 2024. */
export const feedItem = (changes: Partial<FeedItem> = {}): FeedItem => ({
  id: 31,
  sequence: 0,
  title: 'Relación de bodegas electorales',
  citation: 'Anexo Técnico, numeral 8.3, inciso b)',
  area: 'DEOE',
  due_on: '2024-05-18',
  due_time: null,
  state: 'open',
  provisional: false,
  reason: null,
  changed_at: '2024-04-03T15:00:00.123456Z',
  ...changes,
});

/** The events of a text as node-ical reads them (`first`) and as ical.js does (`second`), and the calendar around them. */
export function readBoth(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  return {
    calendar,
    first: Object.values(nodeIcal.sync.parseICS(text)).filter((entry) => entry?.type === 'VEVENT'),
    second: calendar.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event)),
  };
}
