// Owns the mail of the deadlines that nobody reported and that today are told one level higher: fact, history, request.
import { briefAddressee } from '../app/domain/ladder.ts';
import { formatLongDate, type IsoDate } from '../app/domain/plain-date.ts';
import { Cards, deadlineCard } from './deadline-card.tsx';
import {
  ago,
  alsoTold,
  andMore,
  answerLabel,
  capitalised,
  caveats,
  commitmentLabel,
  dutySentence,
  factRows,
  fileLabel,
  itemState,
  OPEN_ALL,
  overdueKinds,
  reportLabel,
  stateForSubject,
  type DeadlineItem,
} from './deadline-item.ts';
import { mailHtml, mailText, type Footer, type MailContent } from './layout.tsx';
import { ActionButton, ActionLink, DataTable, GroupHeading, Paragraph } from './parts.tsx';
import { labelTable, linkLines, paragraph } from './plain-text.ts';
import { fitSubject } from './subject.ts';

export interface EscalationProps {
  person: { name: string; post?: string };
  today: IsoDate;
  /** From this rung on it stands in the Commission's report. */
  enters_report: boolean;
  items: DeadlineItem[];
  /** Who is told from today on, as it follows 'se informa a': 'la persona titular del área'. */
  told: string;
  folio: string;
  /** A whole sentence: why this person gets it. */
  reason: string;
  help_url: string;
  home_url: string;
}

/** A longer list is read on the screen, not in a mail. */
const MOST = 10;

/** One mail with the deadlines of one person that climb the same rung today. */
export function escalationMail(props: EscalationProps): MailContent {
  const { items, folio, reason, help_url } = props;
  const footer: Footer = { mark: `Aviso ${folio}`, reason, help_url };
  const [only, ...others] = items;
  return only !== undefined && others.length === 0 ? one(props, only, footer) : several(props, footer);
}

/** What changes today, after a verb in the plural or not. */
function consequence({ enters_report, told }: EscalationProps, many: boolean): string {
  if (!enters_report) return `se informa a ${told}`;
  return `${many ? 'entran' : 'entra'} al informe de la Comisión`;
}

/** The same in as few words as leave room for a title. */
const briefConsequence = ({ enters_report, told }: EscalationProps): string =>
  enters_report ? 'va al informe de la Comisión' : `se informa a ${briefAddressee(told)}`;

function fromToday(props: EscalationProps): string {
  const report = props.enters_report ? ', y lo pendiente entra al informe de vencidas de la Comisión' : '';
  return `A partir de hoy, ${formatLongDate(props.today)}, se informa a ${props.told}${report}.`;
}

/** What happened and what was told, without a judgement. */
function fact(item: DeadlineItem): string {
  const passed = item.provisional.length > 0 ? 'La fecha provisional pasó' : 'El plazo venció';
  const state =
    item.progress !== undefined
      ? `${passed}. ${item.progress}`
      : item.owed_by_ine
        ? 'No hay recepción registrada.'
        : `${passed} y no hay reporte de cumplimiento registrado.`;
  return [state, item.previous_notices, item.asked].filter(Boolean).join(' ');
}

function request(item: DeadlineItem): string {
  if (item.owed_by_ine) {
    return 'Se pide: registrar la recepción si ya ocurrió, o valorar un recordatorio oficial al INE.';
  }
  return item.commitment_url === undefined
    ? 'Se pide: reportar el cumplimiento, o responder este correo con la fecha en que se cumplirá.'
    : 'Se pide: reportar el cumplimiento, o registrar la causa y la fecha en que se cumplirá.';
}

function one(props: EscalationProps, item: DeadlineItem, footer: Footer): MailContent {
  const state = itemState(item).words;
  const change = consequence(props, false);
  const subject = fitSubject(
    `${stateForSubject(item)}: `,
    item.title,
    ` — ${change}`,
    ` — ${briefConsequence(props)}`,
    ` — ${item.ref}`,
  );
  const heading = `${state}: ${change}`;
  const facts = [dutySentence(item), fact(item), ...caveats(item)];
  const closing = [fromToday(props), item.next_step, alsoTold(item)].filter((line) => line !== undefined);
  const file = fileLabel(item);

  const html = mailHtml({
    subject,
    preheader: `${request(item)} ${fact(item)}`,
    heading,
    footer,
    children: (
      <>
        {[...facts, request(item)].map((line) => (
          <Paragraph key={line}>{line}</Paragraph>
        ))}
        <ActionButton href={item.report_url}>{reportLabel(item)}</ActionButton>
        {item.commitment_url !== undefined && (
          <ActionLink href={item.commitment_url}>{commitmentLabel(item)}</ActionLink>
        )}
        <ActionLink href={item.answer_url}>{answerLabel(item)}</ActionLink>
        <ActionLink href={item.url}>{file}</ActionLink>
        <DataTable name={`Datos de ${item.ref}`} rows={factRows(item)} />
        {closing.map((line) => (
          <Paragraph key={line}>{line}</Paragraph>
        ))}
      </>
    ),
  });
  const text = mailText(
    footer,
    paragraph(`${state.toUpperCase()}: ${change}`),
    ...[...facts, request(item)].map(paragraph),
    linkLines(reportLabel(item), item.report_url),
    item.commitment_url !== undefined && linkLines(commitmentLabel(item), item.commitment_url),
    linkLines(answerLabel(item), item.answer_url),
    linkLines(file, item.url),
    labelTable(factRows(item)),
    ...closing.map(paragraph),
  );
  return { subject, html, text };
}

function several(props: EscalationProps, footer: Footer): MailContent {
  const { items, person } = props;
  const kinds = `${items.length} ${overdueKinds(items)}`;
  const oldest = ago(Math.min(...items.map((item) => item.days)));
  const change = consequence(props, true);
  const subject = fitSubject('', kinds, `, la más antigua ${oldest}: ${change}`, `: ${change}`);
  const heading = `${capitalised(kinds)}: ${change}`;
  const introduction = [
    `Para ${[person.name, person.post].filter(Boolean).join(', ')}. ${fromToday(props)}`,
    'Se pide, en cada una: reportar lo cumplido o recibido, o responder este correo con la fecha en que se cumplirá.',
  ];
  const title = `${capitalised(overdueKinds(items))} (${items.length})`;
  const cards = items
    .slice(0, MOST)
    .map((item) => deadlineCard(item, { notes: [fact(item), alsoTold(item) ?? ''] }));
  const rest = andMore(items.length - MOST);

  const html = mailHtml({
    subject,
    preheader: introduction.join(' '),
    heading,
    footer,
    children: (
      <>
        {introduction.map((line) => (
          <Paragraph key={line}>{line}</Paragraph>
        ))}
        <ActionButton href={props.home_url}>{OPEN_ALL}</ActionButton>
        <GroupHeading>{title}</GroupHeading>
        <Cards cards={cards} />
        {rest !== undefined && <ActionLink href={props.home_url}>{rest}</ActionLink>}
      </>
    ),
  });
  const text = mailText(
    footer,
    paragraph(heading.toUpperCase()),
    ...introduction.map(paragraph),
    linkLines(OPEN_ALL, props.home_url),
    paragraph(title.toUpperCase()),
    ...cards.map((card) => card.text),
    rest !== undefined && linkLines(rest, props.home_url),
  );
  return { subject, html, text };
}
