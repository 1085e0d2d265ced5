// `convenio person add`: the first people of an installation, before anybody can log in.
import { ofArea } from '../../app/domain/area-name.ts';
import { parseEmailAddress } from '../../app/domain/email-address.ts';
import { parseIsoDate } from '../../app/domain/plain-date.ts';
import { recordAudit } from '../../db/audit.ts';
import { now } from '../../db/clock.ts';
import { appoint, ensurePerson, grantRole } from '../../db/people.ts';
import type { PostKind, Role } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { textOption, UsageError, type Command, type CommandInput } from './command.ts';
import { withDatabase } from './session.ts';

const ROLES: Record<string, Role> = {
  direccion: 'direction',
  comision: 'commission',
  administrador: 'administrator',
};
const POSTS: Record<string, { kind: PostKind; title: string }> = {
  titular: { kind: 'head', title: 'Titular' },
  suplente: { kind: 'deputy', title: 'Suplente' },
  enlace: { kind: 'liaison', title: 'Enlace' },
};

/** `convenio person add`. */
export const person: Command = (input) => {
  if (input.words.join(' ') !== 'add') throw new UsageError('La orden es «person add».');
  const name = textOption(input, 'name')?.trim();
  if (!name) throw new UsageError('Falta --name.');
  const email = parseEmailAddress(textOption(input, 'email') ?? '');
  if (!email.ok) throw new UsageError(`--email: ${email.message}`);
  const role = choice(input, 'role', ROLES);
  const post = choice(input, 'post', POSTS);
  const area_key = textOption(input, 'area');
  if ((post === undefined) !== (area_key === undefined)) throw new UsageError('--area y --post van juntos.');
  if (role === undefined && post === undefined) throw new UsageError('Falta --role, o --area con --post.');
  const from = textOption(input, 'from');
  const day = from === undefined ? undefined : parseIsoDate(from);
  if (day && !day.ok) throw new UsageError(`--from: ${day.message}`);

  return withDatabase(input, async ({ db }) => {
    const moment = await now(db);
    const from_on = day?.ok ? day.value : moment.today;
    return inTransaction(db, async (trx) => {
      const area =
        area_key === undefined
          ? undefined
          : await trx.selectFrom('area').where('key', '=', area_key).select('name').executeTakeFirst();
      if (area_key !== undefined && !area) throw new UsageError(`--area: no hay un área «${area_key}».`);
      const person_id = await ensurePerson(trx, { name, email: email.value, example: false });
      if (role) await grantRole(trx, { person_id, role, from_on });
      if (post && area && area_key) {
        await appoint(trx, {
          person_id,
          area_key,
          kind: post.kind,
          title: `${post.title} ${ofArea(area.name)}`,
          from_on,
          handover_since: moment.at,
        });
      }
      await recordAudit(trx, {
        at: moment.at,
        actor: 'línea de comandos',
        verb: 'dio de alta a',
        subject: `persona ${person_id}`,
        detail: {
          email: email.value,
          role: role ?? null,
          area: area_key ?? null,
          post: post?.kind ?? null,
          from_on,
        },
      });
      input.log(`${name} <${email.value}> quedó de alta desde el ${from_on}.`);
      return 0;
    });
  });
};

function choice<Value>(input: CommandInput, name: string, values: Record<string, Value>): Value | undefined {
  const text = textOption(input, name);
  if (text === undefined) return undefined;
  if (!Object.hasOwn(values, text)) throw new UsageError(`--${name} es ${Object.keys(values).join(', ')}.`);
  return values[text];
}
