// The fields of the rule editor's form, by name: what a screen needs to know of it without any of its arithmetic.

/** Names of the weekdays in RFC 5545, Monday first. */
export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export const WEEKDAY_FIELDS = WEEKDAYS.map((day) => `weekday.${day}` as const);
export const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;
export const MONTH_FIELDS = MONTHS.map((month) => `months.${month}` as const);

/** Frequency of a recurrence whose RRULE is written by hand. */
export const CUSTOM = 'CUSTOM';
/** Places a day may have in its month, as `place` says them. */
export const PLACES = ['1', '2', '3', '4', '5', '-1'] as const;
/** Value of `place_day` that means a working day. */
export const WORKING_DAY = 'WORKING';

/** Checkboxes say `on`; all other fields are what was typed or chosen. */
export const RECURRENCE_FIELDS = [
  'freq',
  'interval',
  ...WEEKDAY_FIELDS,
  ...MONTH_FIELDS,
  'day_kind',
  'month_day',
  'last_day',
  'place',
  'place_day',
  'count',
  'rrule',
] as const;
export type RecurrenceField = (typeof RECURRENCE_FIELDS)[number];
export type TypedRecurrence = Record<RecurrenceField, string>;

/** The steps a chain may have (deadline-rule.ts refuses more). */
export const STEPS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const;
export const ENDS = ['from', 'to', 'until'] as const;
export type EndName = (typeof ENDS)[number];

/** Fields are called by the path of what they say in the rule, so that an error finds its field by itself. */
export const RULE_FIELDS = [
  'type',
  'date',
  'time',
  ...ENDS.flatMap((end) =>
    (['kind', 'date', 'milestone', 'days', 'side', 'time'] as const).map((part) => `${end}.${part}` as const),
  ),
  'milestone',
  'trigger',
  'amount',
  'unit',
  'direction',
  'clear_days',
  'count_first',
  'month_overflow',
  'year',
  'month',
  'n',
  ...STEPS.flatMap((i) =>
    (['amount', 'unit', 'direction'] as const).map((part) => `steps.${i}.${part}` as const),
  ),
  ...RECURRENCE_FIELDS,
  'counting',
  'roll',
  'conditional',
] as const;
export type RuleField = (typeof RULE_FIELDS)[number];
export type TypedRule = Record<RuleField, string>;
export type RuleFormErrors = Partial<Record<RuleField, string>>;
