// The fields of a deadline rule by its type; what does not apply to what was chosen is put away by the style sheet.
import type { DeadlineRule } from '../domain/deadline-rule.ts';
import { STEPS, type EndName } from '../domain/rule-fields.ts';
import {
  CheckboxControl,
  DateControl,
  RadioControl,
  SelectControl,
  TextControl,
  TimeControl,
  type Option,
  type OptionGroup,
  type RuleFormState,
} from './rule-controls.tsx';
import { RecurrenceFields } from './recurrence-fields.tsx';

export interface RuleFieldsProps extends RuleFormState {
  /** Milestones and obligations to count from; repeatable events. */
  anchors: readonly OptionGroup[];
  triggers: readonly Option[];
  /** What the fields of a recurrence say as an RRULE. */
  rrule: string;
}

const DAYS: Option[] = [
  { value: 'days', label: 'días (se cuentan como se diga abajo)' },
  { value: 'business_days', label: 'días hábiles' },
];
const UNITS: Option[] = [
  ...DAYS,
  { value: 'weeks', label: 'semanas' },
  { value: 'months', label: 'meses' },
  { value: 'hours', label: 'horas' },
];
const DIRECTIONS: Option[] = [
  { value: 'before', label: 'antes' },
  { value: 'after', label: 'después' },
];
const COUNTING: Option[] = [
  { value: 'natural', label: 'Días naturales: cuentan todos' },
  { value: 'business', label: 'Días hábiles: sin sábados, domingos ni inhábiles' },
  {
    value: 'by_process',
    label: 'Según el proceso electoral: mientras está abierto cuentan todos; fuera de él, sólo los hábiles',
  },
];
const ROLL: Option[] = [
  { value: 'none', label: 'Se queda en ese día' },
  { value: 'next', label: 'Pasa al día hábil siguiente' },
  { value: 'previous', label: 'Se adelanta al día hábil anterior' },
];

/** The fields of one type of rule, with those that every type has. */
export function RuleFields({ type, ...props }: RuleFieldsProps & { type: DeadlineRule['type'] }) {
  return (
    <>
      <TypeFields type={type} {...props} />
      {type !== 'standing' && (
        <>
          <RadioControl {...props} name="counting" label="¿Cómo se cuentan los días?" options={COUNTING} />
          <RadioControl {...props} name="roll" label="Si el último día es inhábil" options={ROLL} />
        </>
      )}
      <TextControl
        {...props}
        name="conditional"
        label="Condición (si la hay)"
        hint="Por ejemplo: sólo si hubo ajustes después de la primera publicación."
      />
    </>
  );
}

function TypeFields({ type, ...props }: RuleFieldsProps & { type: DeadlineRule['type'] }) {
  switch (type) {
    case 'on':
      return (
        <div className="field-row">
          <DateControl {...props} name="date" label="Fecha" />
          <TimeControl {...props} name="time" label="Hora (si la hay)" />
        </div>
      );
    case 'between':
      return (
        <>
          <EndFields {...props} end="from" label="¿Cuándo empieza?" timed />
          <EndFields {...props} end="to" label="¿Cuándo termina?" timed />
        </>
      );
    case 'offset':
      return (
        <>
          <TermFields {...props} />
          <AnchorField {...props} />
          <div className="when-days">
            <CheckboxControl
              {...props}
              name="clear_days"
              label="Son días completos que deben quedar libres"
              hint="Como en «tres días antes» de LGIPE 251.3: con tres días libres, el plazo es el cuarto día anterior."
            />
          </div>
          <OverflowField {...props} />
        </>
      );
    case 'duration':
      return (
        <>
          <div className="field-row">
            <TextControl {...props} name="amount" label="¿Cuántos días dura?" numeric />
            <SelectControl {...props} name="unit" label="Unidad" groups={[['', DAYS]]} />
          </div>
          <AnchorField {...props} label="Desde" />
          <CheckboxControl
            {...props}
            name="count_first"
            label="El día del hito es el primero que se cuenta"
          />
        </>
      );
    case 'week_of_month':
      return (
        <div className="field-row">
          <TextControl
            {...props}
            name="n"
            label="Semana (1 a 5)"
            hint="Completa, de lunes a domingo."
            numeric
          />
          <TextControl {...props} name="month" label="Mes (1 a 12)" numeric />
          <TextControl {...props} name="year" label="Año" numeric />
        </div>
      );
    case 'chain':
      return <ChainFields {...props} />;
    case 'recurring':
      return (
        <>
          <RecurrenceFields {...props} />
          <EndFields {...props} end="from" label="¿Desde cuándo?" />
          <EndFields {...props} end="until" label="¿Hasta cuándo?" />
        </>
      );
    case 'each':
      return (
        <>
          <TermFields {...props} />
          <SelectControl
            {...props}
            name="trigger"
            label="De cada"
            groups={[['', props.triggers]]}
            empty="Elige el evento"
          />
          <OverflowField {...props} />
        </>
      );
    case 'standing':
      return <p>No tiene fecha propia: se atestigua de tiempo en tiempo que se cumple.</p>;
  }
}

function TermFields(props: RuleFieldsProps) {
  return (
    <div className="field-row">
      <TextControl {...props} name="amount" label="¿Cuánto?" numeric />
      <SelectControl {...props} name="unit" label="Unidad" groups={[['', UNITS]]} />
      <SelectControl {...props} name="direction" label="¿Antes o después?" groups={[['', DIRECTIONS]]} />
    </div>
  );
}

function AnchorField({ label = '¿De qué?', ...props }: RuleFieldsProps & { label?: string }) {
  return (
    <SelectControl {...props} name="milestone" label={label} groups={props.anchors} empty="Elige el hito" />
  );
}

function OverflowField(props: RuleFieldsProps) {
  return (
    <div className="when-months">
      <SelectControl
        {...props}
        name="month_overflow"
        label="Si ese mes no tiene el día"
        groups={[
          [
            '',
            [
              { value: 'clamp', label: 'Se toma su último día' },
              {
                value: 'first_business_next_month',
                label: 'Se toma el primer día hábil del mes siguiente (LFPA 29)',
              },
            ],
          ],
        ]}
      />
    </div>
  );
}

function ChainFields(props: RuleFieldsProps) {
  const last = STEPS.findLast((i) => props.typed[`steps.${i}.amount`].trim() !== '') ?? -1;
  return (
    <>
      <AnchorField {...props} label="¿Desde qué hito corre el primero?" />
      {STEPS.slice(0, Math.max(2, last + 2)).map((i) => (
        <fieldset key={i} className="group">
          <legend>{i === 0 ? 'Primer plazo' : `Luego, plazo ${i + 1}`}</legend>
          <div className="field-row">
            <TextControl {...props} name={`steps.${i}.amount`} label="¿Cuánto?" numeric />
            <SelectControl {...props} name={`steps.${i}.unit`} label="Unidad" groups={[['', UNITS]]} />
            <SelectControl
              {...props}
              name={`steps.${i}.direction`}
              label="¿Antes o después?"
              groups={[['', DIRECTIONS]]}
            />
          </div>
        </fieldset>
      ))}
      <p className="quiet">Los plazos sin cantidad no cuentan. «Ver fechas» agrega uno más, hasta doce.</p>
      <OverflowField {...props} />
    </>
  );
}

const END_KINDS: Record<EndName, Option[]> = {
  from: [
    { value: 'date', label: 'En una fecha' },
    { value: 'milestone', label: 'En un hito, o contando días desde él' },
  ],
  to: [
    { value: 'date', label: 'En una fecha' },
    { value: 'milestone', label: 'En un hito, o contando días desde él' },
  ],
  until: [
    { value: 'date', label: 'Hasta una fecha' },
    { value: 'milestone', label: 'Hasta un hito, o contando días desde él' },
    { value: 'count', label: 'Un número de veces' },
    { value: 'rrule', label: 'Lo dice la regla escrita (COUNT o UNTIL)' },
  ],
};

/** One end of a window or of a series: a date, or a milestone plus or minus days. */
function EndFields({
  end,
  label,
  timed = false,
  ...props
}: RuleFieldsProps & { end: EndName; label: string; timed?: boolean }) {
  return (
    <fieldset className="group rule-end">
      <legend>{label}</legend>
      <RadioControl {...props} name={`${end}.kind`} label="" options={END_KINDS[end]} />
      <div className="when-date">
        <DateControl {...props} name={`${end}.date`} label="Fecha" />
      </div>
      <div className="when-milestone">
        <SelectControl
          {...props}
          name={`${end}.milestone`}
          label="Hito"
          groups={props.anchors}
          empty="Elige el hito"
        />
        <div className="field-row">
          <TextControl
            {...props}
            name={`${end}.days`}
            label="Días de más o de menos"
            hint="Vacío: el mismo día."
            numeric
          />
          <SelectControl
            {...props}
            name={`${end}.side`}
            label="¿Antes o después?"
            groups={[['', DIRECTIONS]]}
          />
        </div>
      </div>
      {end === 'until' && (
        <div className="when-count">
          <TextControl {...props} name="count" label="¿Cuántas veces?" numeric />
        </div>
      )}
      {timed && (
        <div className="when-timed">
          <TimeControl {...props} name={`${end}.time`} label="Hora (si la hay)" />
        </div>
      )}
    </fieldset>
  );
}
