// How often a rule repeats and on which days, in plain words; the RRULE behind it waits in a disclosure.
import { CUSTOM, MONTHS, PLACES, WEEKDAYS, WORKING_DAY } from '../domain/rule-fields.ts';
import { monthName, weekdayName } from '../domain/plain-date.ts';
import {
  CheckboxControl,
  CheckboxesControl,
  RadioControl,
  SelectControl,
  TextControl,
  type Option,
  type RuleFormState,
} from './rule-controls.tsx';

const FREQUENCIES: Option[] = [
  { value: 'DAILY', label: 'Por días' },
  { value: 'WEEKLY', label: 'Por semanas' },
  { value: 'MONTHLY', label: 'Por meses' },
  { value: 'YEARLY', label: 'Por años, en ciertos meses' },
  { value: CUSTOM, label: 'Otra: escribir la regla RRULE' },
];
const PLACE_WORDS: Record<(typeof PLACES)[number], string> = {
  '1': 'Primer',
  '2': 'Segundo',
  '3': 'Tercer',
  '4': 'Cuarto',
  '5': 'Quinto',
  '-1': 'Último',
};
const PLACE_DAYS: Option[] = [
  { value: WORKING_DAY, label: 'día hábil' },
  ...WEEKDAYS.map((value, i) => ({ value, label: weekdayName(i + 1) })),
];

/** `rrule` is what the fields say at present. */
export function RecurrenceFields({ rrule, ...props }: RuleFormState & { rrule: string }) {
  return (
    <fieldset className="group recurrence">
      <legend>¿Cada cuánto?</legend>
      <div className="field-row">
        <SelectControl {...props} name="freq" label="Se repite" groups={[['', FREQUENCIES]]} />
        <div className="when-built">
          <TextControl
            {...props}
            name="interval"
            label="Cada cuántos"
            hint="1: cada uno; 3 por meses: cada trimestre."
            numeric
          />
        </div>
      </div>
      <div className="when-weekly">
        <CheckboxesControl
          {...props}
          label="Qué días de la semana"
          options={WEEKDAYS.map((day, i) => ({ name: `weekday.${day}` as const, label: weekdayName(i + 1) }))}
        />
      </div>
      <div className="when-yearly">
        <CheckboxesControl
          {...props}
          label="En qué meses"
          options={MONTHS.map((month) => ({ name: `months.${month}` as const, label: monthName(month) }))}
        />
      </div>
      <div className="when-monthly day-of-month">
        <RadioControl
          {...props}
          name="day_kind"
          label="Qué día del mes"
          options={[
            { value: 'number', label: 'Por su número' },
            { value: 'place', label: 'Por su lugar en el mes (primer lunes, último día hábil)' },
          ]}
        />
        <div className="when-number">
          <TextControl
            {...props}
            name="month_day"
            label="Día o días"
            hint="Por ejemplo: 10, o 15, 30. En los meses que no lo tienen no hay fecha."
            numeric
          />
          <CheckboxControl {...props} name="last_day" label="Último día del mes" />
        </div>
        <div className="when-place">
          <div className="field-row">
            <SelectControl
              {...props}
              name="place"
              label="Cuál"
              groups={[['', PLACES.map((value) => ({ value, label: PLACE_WORDS[value] }))]]}
            />
            <SelectControl {...props} name="place_day" label="Día" groups={[['', PLACE_DAYS]]} />
          </div>
          <p className="quiet">
            «Día hábil» deja fuera los inhábiles si abajo se eligen días hábiles; si no, es de lunes a
            viernes.
          </p>
        </div>
      </div>
      <div className="when-custom">
        <TextControl
          {...props}
          name="rrule"
          label="Regla RRULE (RFC 5545)"
          hint="Por ejemplo: FREQ=MONTHLY;BYMONTHDAY=15,-1. Hasta 500 caracteres."
        />
      </div>
      <details className="when-built">
        <summary>Ver la regla como se guarda (RRULE)</summary>
        <code>{rrule}</code>
      </details>
    </fieldset>
  );
}
