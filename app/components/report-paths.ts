// How a report's cut and the states it counts are written in addresses.
import { DUE_STATUSES } from '../domain/overdue-report.ts';
import { STATUS_KEYS } from './calendar-query.ts';

/** The present, where an empty cut means the last one closed. */
export const NOW = 'ahora';

type DueStatus = (typeof DUE_STATUSES)[number];

const ENTRIES = Object.entries(STATUS_KEYS).flatMap(([path, status]) => {
  const due = DUE_STATUSES.find((candidate) => candidate === status);
  return due ? [[path, due] as const] : [];
});

/** `vencida` to `overdue`. */
export const DUE_STATUS_KEYS: Readonly<Record<string, DueStatus>> = Object.fromEntries(ENTRIES);

/** `overdue` to `vencida`. */
export const STATUS_PATHS = Object.fromEntries(ENTRIES.map(([path, status]) => [status, path])) as Record<
  DueStatus,
  string
>;
