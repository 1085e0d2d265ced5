// Owns a deadline as the mails tell it: its data and the sentences both parts, HTML and text, are made of.
import { DUE_SOON_DAYS } from '../app/domain/deadline-status.ts';
import { POSTPONABLE_DAYS } from '../app/domain/notice-answer.ts';
import {
  formatDayMonth,
  formatHour,
  formatLongDate,
  formatShortDate,
  type IsoDate,
} from '../app/domain/plain-date.ts';

export interface DeadlineItem {
  /** Key people search by: 'AT-C-4'. */
  ref: string;
  title: string;
  citation: string;
  legal_basis: string;
  /** Its process, when several are published. */
  process?: string;
  due_on: IsoDate;
  /** HH:MM in America/Mexico_City when the term has an hour. */
  due_time?: string;
  /** `due_on` − today in natural days; negative when overdue. */
  days: number;
  /** Distance in words where days do not say it: 'mañana sábado', 'el domingo', 'en 4 horas', 'hace 1 hora'. */
  distance?: string;
  /** The term lapsed at an hour of today. */
  lapsed_today?: boolean;
  /** A whole sentence: no further reminder comes before the date. */
  last_call?: string;
  obligor_area: string;
  counterpart: string;
  people: { post: string; name: string }[];
  /** Where the date comes from, in one line. */
  why: string;
  /** Reasons why the date may move; when there is one, no mail states it as firm. */
  provisional: string[];
  /** The clause has not been compared with the signed text. */
  to_verify: boolean;
  owed_by_ine: boolean;
  url: string;
  report_url: string;
  /** Where to say that one knows, or to ask for the notice on a later day. */
  answer_url: string;
  /** A whole sentence: what happens if nobody reports. */
  next_step?: string;
  also_told: string[];
  /** A whole sentence: the notices already sent. */
  previous_notices?: string;
  /** A whole sentence: what became of the newest report, when there is one and work is left. */
  progress?: string;
  /** A whole sentence: what the area asked for and nobody decided yet. */
  asked?: string;
  /** Where the reader declares why it is late and until when it will be done. */
  commitment_url?: string;
}

export type Tone = 'late' | 'soon' | 'calm' | 'waiting';

export interface ItemState {
  symbol: string;
  words: string;
  tone: Tone;
}

function inDays(days: number): string {
  if (days === 0) return 'hoy';
  if (days === 1) return 'mañana';
  return `en ${days} días`;
}

/** The term is over. */
function isLate(item: DeadlineItem): boolean {
  return item.days < 0 || item.lapsed_today === true;
}

/** 'hoy', 'hace 1 día', 'hace 3 días': how long ago, for a number of days that is not positive. */
export function ago(days: number): string {
  if (days === 0) return 'hoy';
  return days === -1 ? 'hace 1 día' : `hace ${-days} días`;
}

/** State and distance in words with their shape; never colour alone, and never a provisional date as firm. */
export function itemState(item: DeadlineItem): ItemState {
  const late = isLate(item);
  const distance = item.distance ?? (late ? ago(item.days) : inDays(item.days));
  if (item.provisional.length > 0) {
    const words = late ? `Fecha provisional que pasó ${distance}` : `Fecha provisional, ${distance}`;
    return { symbol: '○', words, tone: 'waiting' };
  }
  const soon = item.days <= DUE_SOON_DAYS;
  const upcoming = { symbol: soon ? '▲' : '●', tone: soon ? ('soon' as const) : ('calm' as const) };
  if (item.owed_by_ine) {
    if (late) return { symbol: '■', words: `Pendiente de recibir del INE desde ${distance}`, tone: 'late' };
    return { ...upcoming, words: `Por recibir del INE ${distance}` };
  }
  if (late) return { symbol: '■', words: `Vencida ${distance}`, tone: 'late' };
  return { ...upcoming, words: `Vence ${distance}` };
}

/** The state as a subject says it: the same words, in fewer characters where they would leave no room. */
export function stateForSubject(item: DeadlineItem): string {
  return itemState(item)
    .words.replace('desde hace', 'hace')
    .replace(/INE (?=hace)/, 'INE, ');
}

/** 'sábado 18 de mayo de 2024, 18:00 h'. */
export function dueWords(item: DeadlineItem): string {
  const hour = item.due_time === undefined ? '' : `, ${formatHour(item.due_time)}`;
  return formatLongDate(item.due_on) + hour;
}

/** 'sáb 18 may', with the year when it is not `today`'s. */
export function shortDue(item: DeadlineItem, today: IsoDate): string {
  const sameYear = item.due_on.slice(0, 4) === today.slice(0, 4);
  return sameYear ? formatDayMonth(item.due_on) : formatShortDate(item.due_on);
}

function distanceInDays({ days, lapsed_today }: DeadlineItem): string {
  if (days === 0) return lapsed_today ? 'pasó hoy' : 'es hoy';
  if (days === 1) return 'es mañana';
  if (days === -1) return 'pasó 1 día natural';
  return days > 0 ? `faltan ${days} días naturales` : `pasaron ${-days} días naturales`;
}

const ARTICLES: readonly (readonly [article: string, first: RegExp])[] = [
  ['el', /^(?:Área|Comité|Congreso|Consejo|Departamento|IEM|INE|Instituto|Órgano|Tribunal)(?!\p{L})/u],
  [
    'la',
    /^(?:Comisión|Contraloría|Coordinación|Dirección|Jefatura|Junta|Presidencia|Secretaría|Subdirección|Unidad|Vocalía)(?!\p{L})/u,
  ],
  ['los', /^(?:Comités|Consejos|Órganos)(?!\p{L})/u],
  ['las', /^(?:Áreas|Comisiones|Direcciones|Juntas|Vocalías)(?!\p{L})/u],
];

/** The Spanish article a body's name takes inside a sentence; empty when the name is not one we know. */
function article(name: string): string {
  return ARTICLES.find(([, first]) => first.test(name))?.[0] ?? '';
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** 'a, b y c'. */
export function joined(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} y ${parts.at(-1)}`;
}

/** A title that opens with an infinitive, as the catalogue's do, can follow 'debe'. */
const INFINITIVE = /^\p{Lu}\p{Ll}*[aeií]r(?:l[aeo]s?|se)?(?!\p{L})/u;

/** Who must do what and when, in one sentence. */
export function dutySentence(item: DeadlineItem): string {
  const words = article(item.obligor_area);
  const who = capitalised(`${words} ${item.obligor_area}`.trim());
  const must = `${isLate(item) ? 'debía' : 'debe'}${words.endsWith('s') ? 'n' : ''}`;
  const what = INFINITIVE.test(item.title)
    ? `${must} ${item.title.charAt(0).toLowerCase()}${item.title.slice(1)}`
    : `${must} cumplir: ${item.title}`;
  const side = item.owed_by_ine && !/(?<!\p{L})INE(?!\p{L})/u.test(item.obligor_area) ? ', del INE,' : '';
  if (item.provisional.length > 0) return `${who}${side} ${what}. Fecha provisional: ${dueWords(item)}.`;
  return `${who}${side} ${what}, a más tardar el ${dueWords(item)}.`;
}

/** What the reader must know before trusting the date or the clause. */
export function caveats(item: DeadlineItem): string[] {
  const lines: string[] = [];
  if (item.provisional.length > 0) lines.push(`La fecha puede cambiar: ${item.provisional.join('; ')}.`);
  if (item.to_verify) lines.push('Cláusula por cotejar con el texto firmado.');
  if (item.last_call !== undefined) lines.push(item.last_call);
  return lines;
}

function peopleWords(item: DeadlineItem): string {
  return (
    item.people.map(({ post, name }) => `${name} (${post})`).join('; ') || 'sin persona responsable vigente'
  );
}

/** 'AT-C-4 · Anexo Técnico, numeral C.b · LGIPE 153.1'. */
export function sourceWords(item: DeadlineItem): string {
  return [item.ref, item.citation, item.legal_basis, item.process].filter(Boolean).join(' · ');
}

/** The data table of a deadline: the same rows in HTML and in text. */
export function factRows(item: DeadlineItem): [label: string, value: string][] {
  const due = `${dueWords(item)} (${distanceInDays(item)})`;
  const rows: [string, string][] = [
    ['Fundamento', sourceWords(item)],
    [item.provisional.length > 0 ? 'Fecha provisional' : isLate(item) ? 'Venció' : 'Vence', due],
    ['Por qué', item.why],
    ['A cargo de', item.obligor_area],
    ['Responde', peopleWords(item)],
    ['Contraparte', item.counterpart],
  ];
  return rows.filter(([, value]) => value !== '');
}

/** Text of the link that opens the report form: action and object. */
export function reportLabel(item: DeadlineItem): string {
  return item.owed_by_ine ? `Registrar la recepción de ${item.ref}` : `Reportar cumplimiento de ${item.ref}`;
}

/** Text of the link with which one answers the notice. */
export function answerLabel(item: DeadlineItem): string {
  const postponed = item.days >= POSTPONABLE_DAYS ? ' o posponer' : '';
  return `Acusar${postponed} el aviso de ${item.ref}`;
}

/** Text of the link with which one says why it is late and until when it will be done. */
export function commitmentLabel(item: DeadlineItem): string {
  return `Registrar causa y compromiso de ${item.ref}`;
}

/** Text of the link to everything else about a deadline. */
export function fileLabel(item: DeadlineItem): string {
  return `Ver el expediente de ${item.ref}`;
}

export const OPEN_ALL = 'Abrir mis obligaciones';

/** Text of the link to what does not fit: 'Y 7 más…'; undefined when everything fits. */
export function andMore(left: number): string | undefined {
  return left > 0 ? `Y ${left} más, ver todas en mis obligaciones` : undefined;
}

/** 'También recibió este aviso: …'; undefined when nobody else did. */
export function alsoTold(item: DeadlineItem): string | undefined {
  if (item.also_told.length === 0) return undefined;
  const verb = item.also_told.length === 1 ? 'También recibió' : 'También recibieron';
  return `${verb} este aviso: ${item.also_told.join('; ')}.`;
}

/** What several deadlines whose date has passed are, without calling a provisional date overdue. */
export function overdueKinds(items: readonly DeadlineItem[]): string {
  const kinds = items.map((item) => {
    if (item.provisional.length > 0) return 'con fecha provisional que ya pasó';
    return item.owed_by_ine ? 'pendientes de recibir del INE' : 'vencidas';
  });
  return joined([...new Set(kinds)]);
}
