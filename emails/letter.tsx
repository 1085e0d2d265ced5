// Owns the plain form most mails that are no notice have: sentences, one action, lists, and more sentences.
import { mailHtml, mailText, type Footer, type MailContent } from './layout.tsx';
import { markup } from './markup.ts';
import { ActionButton, ActionLink, GroupHeading, ListRow, ListTable, Paragraph } from './parts.tsx';
import { bullet, linkLines, paragraph } from './plain-text.ts';

/** A list under a heading: each row has a name and one value for each of the columns after the first. */
export interface LetterList {
  title: string;
  columns: readonly [name: string, value: string, ...more: string[]];
  /** `link` is where there is more about the row. */
  rows: { name: string; values: readonly [string, ...string[]]; link?: { label: string; url: string } }[];
  /** What is not listed, and where it is. */
  rest?: { label: string; url: string } | undefined;
}

export interface Letter {
  subject: string;
  heading: string;
  /** Sentences before the action; the first is also the preheader. */
  said: string[];
  action: { label: string; url: string };
  /** Further places to go, after the action. */
  links?: { label: string; url: string }[];
  lists?: LetterList[];
  closing?: string[];
  footer: Footer;
}

/** The mail, with the same facts in both parts. */
export function letterMail({
  subject,
  heading,
  said,
  action,
  links = [],
  lists = [],
  closing = [],
  footer,
}: Letter): MailContent {
  const html = mailHtml({
    subject,
    preheader: said[0] ?? heading,
    heading,
    footer,
    children: (
      <>
        {said.map((text) => (
          <Paragraph key={text}>{text}</Paragraph>
        ))}
        <ActionButton href={action.url}>{action.label}</ActionButton>
        {links.map(({ label, url }) => (
          <ActionLink key={url} href={url}>
            {label}
          </ActionLink>
        ))}
        {lists.map((list) => (
          <ListParts key={list.title} list={list} />
        ))}
        {closing.map((text) => (
          <Paragraph key={text}>{text}</Paragraph>
        ))}
      </>
    ),
  });
  const text = mailText(
    footer,
    paragraph(heading.toUpperCase()),
    ...said.map(paragraph),
    linkLines(action.label, action.url),
    ...links.map(({ label, url }) => linkLines(label, url)),
    ...lists.map(listText),
    ...closing.map(paragraph),
  );
  return { subject, html, text };
}

/** The list in HTML. */
export function ListParts({ list: { title, columns, rows, rest } }: { list: LetterList }) {
  return (
    <>
      <GroupHeading>{title}</GroupHeading>
      <ListTable
        name={title}
        columns={columns}
        rows={rows
          .map(({ name, values: [value, ...more], link }) =>
            markup(
              <ListRow name={name} more={more}>
                {value}
                {link && <ActionLink href={link.url}>{link.label}</ActionLink>}
              </ListRow>,
            ),
          )
          .join('')}
      />
      {rest && <ActionLink href={rest.url}>{rest.label}</ActionLink>}
    </>
  );
}

/** The list in text. */
export function listText({ title, columns, rows, rest }: LetterList): string {
  const [, ...names] = columns;
  return [
    paragraph(title.toUpperCase()),
    rows
      .map(({ name, values, link }) =>
        bullet(
          name,
          ...values.map((value, index) => `${names[index]}: ${value}`),
          ...(link ? [`${link.label}:`, link.url] : []),
        ),
      )
      .join('\n'),
    ...(rest ? [linkLines(rest.label, rest.url)] : []),
  ].join('\n\n');
}
