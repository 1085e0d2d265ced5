// What is sent, byte for byte, and what becomes of it for each thing a server can do.
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import {
  classifySmtpError,
  mailboxMailer,
  smtpMailer,
  type Mailer,
  type SendOutcome,
} from '../../emails/mailer.ts';
import { composeMime, type OutgoingMail } from '../../emails/mime.ts';
import { previews } from '../../emails/previews.ts';
import { startSmtpSink, type Script } from './smtp-sink.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function mailTo(address: string, changes: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    message_id: `<a004512.v2.${address.length}@avisos.example>`,
    date: '2024-05-15T14:00:00Z',
    from: 'Seguimiento Convenio INE–IEM <avisos@iem.example>',
    reply_to: 'vinculacion@iem.example',
    to: { name: 'Ximena Ejemplo Prueba', address },
    envelope_from: 'b+a004512@avisos.example',
    subject: 'Vence en 5 días (lun 20 may): Enviar la relación de bodegas — AT-B-3',
    html: Buffer.from('<!DOCTYPE html><html lang="es-MX"><title>Aviso</title><p>Mañana</p></html>'),
    text: 'VENCE MAÑANA\n\nUn párrafo que \nsigue.\n\n  Vence    sábado\nFrom el principio\n> citado\n.\n',
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, DR, RN, NRN, AutoReply',
      'List-Id': '<avisos.convenio.iem.example>',
      'List-Help': '<https://convenio.iem.example/por-que-recibo-esto>',
      'Content-Language': 'es-MX',
    },
    ...changes,
  };
}

/** The port of a real server, closed after the test. */
async function listening(server: SMTPServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise<void>((resolve) => server.close(resolve)));
  const address = server.server.address();
  return address !== null && typeof address !== 'string' ? address.port : 0;
}

/** A mailer that gives up fast, talking to a scripted server. */
async function talkingTo(script: Script) {
  const sink = await startSmtpSink(script);
  closers.push(() => sink.close());
  return { sink, mailer: opened(sink.url) };
}

function opened(url: string, maxConnections = 2): Mailer {
  const mailer = smtpMailer(url, { maxConnections, greetingTimeout: 400, dataTimeout: 400 });
  closers.push(() => mailer.close());
  return mailer;
}

const failed = { kind: 'failed', bad_address: false };
const badAddress = { kind: 'failed', bad_address: true };
const retry = { kind: 'retry' };
const slowDown = { kind: 'retry', slow_down: true };
const plainRetry = expect.not.objectContaining({ slow_down: true }) as object;
const full = { kind: 'retry', mailbox: 'full' };
const unknownForNow = { kind: 'retry', mailbox: 'unknown' };
const notTheMailbox = expect.not.objectContaining({ mailbox: expect.anything() as unknown }) as object;
const uncertain = { kind: 'uncertain' };
const paused = { kind: 'paused' };

describe('the bytes of a message', () => {
  test('are the same every time, and differ between messages', () => {
    const mail = mailTo('ximena@iem.example');
    const first = composeMime(mail);
    expect(composeMime(structuredClone(mail)).equals(first)).toBe(true);
    const other = composeMime({ ...mail, message_id: '<a004513.v1@avisos.example>' });
    const boundary = (bytes: Buffer) => /boundary="?([\w-]+)/.exec(bytes.toString())?.[1];
    expect(boundary(other)).not.toBe(boundary(first));
  });

  test('carry the given date and Message-ID, an alternative of text and HTML, and no name of a program', () => {
    const raw = composeMime(mailTo('ximena@iem.example')).toString();
    const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
    expect(head).toContain('Message-ID: <a004512.v2.18@avisos.example>');
    expect(head).toContain('Date: Wed, 15 May 2024 14:00:00 +0000');
    expect(head).toContain('Content-Type: multipart/alternative;');
    expect(head).not.toMatch(/x-mailer|nodemailer/i);
    expect(raw.match(/^Content-Type: text\/.*$(?:\r\n .*$)*/gm)).toEqual([
      expect.stringMatching(/^Content-Type: text\/plain; charset=utf-8; format=flowed;\s+delsp=no$/),
      'Content-Type: text/html; charset=utf-8',
    ]);
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  test('say to a mail reader what was written', async () => {
    const mail = mailTo('ximena@iem.example');
    const parsed = await simpleParser(composeMime(mail));
    expect(parsed.subject).toBe(mail.subject);
    expect(parsed.html).toBe(mail.html.toString());
    expect(parsed.text?.trimEnd()).toBe(mail.text.replace('que \n', 'que ').trimEnd());
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
    expect(parsed.headers.get('x-auto-response-suppress')).toBe('OOF, DR, RN, NRN, AutoReply');
    expect(parsed.replyTo?.value).toEqual([{ name: '', address: 'vinculacion@iem.example' }]);
  });

  test.each(previews.map(({ id, render }) => ({ id, mail: render() })))(
    'bring $id whole to the reader',
    async ({ mail }) => {
      const parsed = await simpleParser(
        composeMime(mailTo('ximena@iem.example', { ...mail, html: Buffer.from(mail.html) })),
      );
      expect(parsed.subject).toBe(mail.subject);
      expect(parsed.html).toBe(mail.html);
      expect(parsed.text?.replace(/\s+/g, ' ').trim()).toBe(mail.text.replace(/\s+/g, ' ').trim());
    },
  );

  test('line breaks in names, subjects and headers add no header and no recipient', async () => {
    const smuggled =
      'Ana\r\nBcc: otra@example.com\r\n\r\nCuerpo\n falso <otra@example.com>, tercera@example.com';
    const mail = mailTo('ximena@iem.example', {
      to: { name: smuggled, address: 'ximena@iem.example' },
      subject: smuggled,
      headers: { 'X-Convenio-Aviso': smuggled },
    });
    const parsed = await simpleParser(composeMime(mail));
    expect([...parsed.headers.keys()].sort()).toEqual(
      [
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'reply-to',
        'subject',
        'to',
        'x-convenio-aviso',
      ].sort(),
    );
    expect(parsed.to && 'value' in parsed.to && parsed.to.value.map(({ address }) => address)).toEqual([
      'ximena@iem.example',
    ]);
    expect(parsed.bcc).toBeUndefined();
  });

  test('a Message-ID or a date that is not one is a mistake of the program, not a message', () => {
    expect(() => composeMime(mailTo('a@b.example', { message_id: 'a004512' }))).toThrow(TypeError);
    expect(() => composeMime(mailTo('a@b.example', { message_id: '<a@b>\r\nBcc: c@d' }))).toThrow(TypeError);
    expect(() => composeMime(mailTo('a@b.example', { date: 'ayer' }))).toThrow(TypeError);
  });
});

describe('a message sent to a real server', () => {
  test('arrives once, to one person, with the bounce address as sender, and twice with the same bytes', async () => {
    const received: { from: string; to: string[]; bytes: string }[] = [];
    const server = new SMTPServer({
      authOptional: true,
      hideSTARTTLS: true,
      onData(stream, session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          const from = mailFrom === false ? '' : mailFrom.address;
          received.push({
            from,
            to: rcptTo.map(({ address }) => address),
            bytes: Buffer.concat(chunks).toString(),
          });
          done(null, 'queued as 7F3A');
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise<void>((resolve) => server.close(resolve)));
    const address = server.server.address();
    const mailer = opened(
      `smtp://127.0.0.1:${address !== null && typeof address !== 'string' ? address.port : 0}`,
    );

    expect(await mailer.verify?.()).toMatchObject({ kind: 'accepted' });
    const mail = mailTo('ximena@iem.example');
    expect(await mailer.send(mail)).toEqual({ kind: 'accepted', reply: '250 queued as 7F3A' });
    expect(await mailer.send(mail)).toMatchObject({ kind: 'accepted' });
    const [first, second] = received;
    expect(first).toMatchObject({ from: 'b+a004512@avisos.example', to: ['ximena@iem.example'] });
    expect(second).toEqual(first);
    expect(Buffer.from(first?.bytes ?? '').equals(composeMime(mail))).toBe(true);
  });

  test('a wrong password pauses the sender', async () => {
    const server = new SMTPServer({
      hideSTARTTLS: true,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('Invalid username or password')),
    });
    const mailer = opened(`smtp://avisos:wrong@127.0.0.1:${await listening(server)}`);
    const outcome = await mailer.send(mailTo('ximena@iem.example'));
    expect(outcome).toMatchObject({ kind: 'paused', reply: expect.stringContaining('535') as string });
    expect(JSON.stringify(outcome)).not.toContain('wrong');
    expect(await mailer.verify?.()).toMatchObject({ kind: 'paused' });
  });

  test('a wrong password is tried once, however many mails wait', async () => {
    const tries = 6;
    let logins = 0;
    const server = new SMTPServer({
      hideSTARTTLS: true,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => {
        logins += 1;
        setTimeout(done, 50, new Error('Invalid username or password'));
      },
    });
    const mailer = opened(`smtp://avisos:wrong@127.0.0.1:${await listening(server)}`);
    for (let round = 1; round <= 2; round += 1) {
      const mails = Array.from({ length: 5 * tries }, () => mailer.send(mailTo('ximena@iem.example')));
      const kinds = new Set((await Promise.all(mails)).map(({ kind }) => kind));
      expect(kinds).toEqual(new Set(['paused', 'held']));
      expect(logins).toBe(round);
    }
  });

  test('a server without the TLS that was asked for pauses the sender', async () => {
    const sink = await startSmtpSink();
    closers.push(() => sink.close());
    for (const url of [sink.url.replace('smtp:', 'smtps:'), `${sink.url}?requireTLS=true`]) {
      expect(await opened(url).send(mailTo('ximena@iem.example'))).toMatchObject(paused);
    }
    expect(sink.messages).toEqual([]);
  });
});

describe('what a server does and what it means', () => {
  test.each<[title: string, script: Script, outcome: object]>([
    ['takes it', {}, { kind: 'accepted', reply: '250 2.0.0 queued as 1' }],
    ['is closing (421)', { RCPT: '421 4.3.2 shutting down' }, slowDown],
    ['is closing when greeting (421)', { greeting: '421 too many connections' }, slowDown],
    ['defers the recipient (450)', { RCPT: '450 4.2.1 try later' }, retry],
    ['has a greylist (451 4.7.1)', { RCPT: '451 4.7.1 Greylisted, come back later' }, plainRetry],
    ['finds us too fast (450 4.7.1)', { MAIL: '450 4.7.1 Error: too many mails' }, slowDown],
    ['finds us too fast without an enhanced code', { RCPT: '452 Rate limit exceeded' }, slowDown],
    ['finds too much for one mailbox', { RCPT: '450 4.2.1 receiving mail at a rate that…' }, plainRetry],
    ['does not know the mailbox for now (450 4.1.1)', { RCPT: '450 4.1.1 user unknown' }, unknownForNow],
    ['does not know it for now, said after the dot', { dot: '450 4.1.1 user unknown' }, unknownForNow],
    [
      'has not looked for the mailbox yet',
      { RCPT: '450 4.1.1 rejected: unverified address: verification in progress' },
      notTheMailbox,
    ],
    ['puts off our own address (450 4.1.1)', { MAIL: '450 4.1.1 who are you' }, notTheMailbox],
    ['has no room for anybody (452)', { RCPT: '452 4.3.1 insufficient storage' }, notTheMailbox],
    ['has no room (452)', { RCPT: '452 4.2.2 mailbox full' }, full],
    ['defers after the final dot (451)', { dot: '451 4.3.0 try again' }, retry],
    ['closes in answer to the final dot (421)', { dot: '421 4.4.2 timeout' }, slowDown],
    ['does not understand the address (501)', { RCPT: '501 5.1.3 bad address syntax' }, badAddress],
    ['does not allow the address (553)', { RCPT: '553 no such mailbox name' }, badAddress],
    ['does not know the mailbox (550 5.1.1)', { RCPT: '550 5.1.1 user unknown' }, badAddress],
    ['does not know the mailbox, said after the dot', { dot: '550 5.1.1 user unknown' }, badAddress],
    ['does not know the domain (550 5.1.2)', { RCPT: '550 5.1.2 bad destination' }, badAddress],
    ['knows that the domain takes no mail (556 5.1.10)', { RCPT: '556 5.1.10 null MX' }, badAddress],
    ['refuses by policy (550 5.7.1)', { RCPT: '550 5.7.1 blocked' }, failed],
    ['refuses by policy with the code of an address (553 5.7.1)', { RCPT: '553 5.7.1 not allowed' }, failed],
    ['refuses the content (554)', { dot: '554 5.7.1 looks like spam' }, failed],
    ['refuses without saying why (550)', { RCPT: '550 no' }, failed],
    ['has a full mailbox (552 5.2.2)', { RCPT: '552 5.2.2 over quota' }, full],
    ['has a full mailbox, said after the dot', { dot: '552 5.2.2 over quota' }, full],
    ['has no room for the recipient (552 without more)', { RCPT: '552 no room' }, full],
    ['finds it too big (552 5.3.4)', { dot: '552 5.3.4 message too big' }, failed],
    ['finds it too big for the recipient', { RCPT: '552 5.3.4 message too big' }, failed],
    ['finds it too big from the start', { MAIL: '552 5.3.4 message too big' }, failed],
    ['lost the thread (503)', { RCPT: '503 5.5.1 need MAIL first' }, retry],
    ['asks to log in (530)', { MAIL: '530 5.7.0 authentication required' }, paused],
    ['refuses our own address', { MAIL: '550 5.7.1 sender not allowed' }, paused],
    ['does not let us in', { greeting: '554 5.7.1 your network is blocked' }, paused],
    ['drops before asking for the data', { DATA: 'drop' }, retry],
    ['is silent before asking for the data', { DATA: 'silence' }, retry],
    ['drops after the final dot', { dot: 'drop' }, uncertain],
    ['is silent after the final dot', { dot: 'silence' }, uncertain],
    ['answers the final dot with garbage', { dot: 'ok, thanks' }, uncertain],
    ['drops instead of greeting', { greeting: 'drop' }, retry],
    ['never greets', { greeting: 'silence' }, retry],
    ['greets with garbage', { greeting: 'HTTP/1.1 400 Bad Request' }, retry],
    ['answers the recipient with garbage', { RCPT: '¿qué?' }, retry],
  ])('%s', async (_title, script, outcome) => {
    const plain = await talkingTo(script);
    expect(await plain.mailer.send(mailTo('ximena@iem.example'))).toMatchObject(outcome);
    const pipelined = await talkingTo({ EHLO: '250-sink\r\n250 PIPELINING', ...script });
    expect(await pipelined.mailer.send(mailTo('ximena@iem.example'))).toMatchObject(outcome);
  });

  test('a server that is not there is for later', async () => {
    const sink = await startSmtpSink();
    await sink.close();
    const outcome = await opened(sink.url).send(mailTo('ximena@iem.example'));
    expect(outcome).toMatchObject({
      kind: 'retry',
      reply: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  test('refused credentials pause the sender, a busy authority does not', async () => {
    for (const [reply, outcome] of [
      ['535 5.7.8 bad credentials', paused],
      ['454 4.7.0 temporary failure', slowDown],
    ] as const) {
      const sink = await startSmtpSink({ EHLO: '250-sink\r\n250 AUTH PLAIN', AUTH: reply });
      closers.push(() => sink.close());
      const mailer = opened(sink.url.replace('//', '//user:secret@'));
      expect(await mailer.send(mailTo('ximena@iem.example'))).toMatchObject(outcome);
    }
  });

  test('messages under way at once are not mistaken for one another', async () => {
    const { mailer } = await talkingTo({
      DATA: (recipient) => (recipient.startsWith('before') ? 'drop' : '354 go ahead'),
      dot: (recipient) => (recipient.startsWith('after') ? 'drop' : '250 ok'),
    });
    const names = ['after.one', 'before', 'fine.and.long', 'after.the.second', 'before.again'];
    const outcomes = await Promise.all(names.map((name) => mailer.send(mailTo(`${name}@iem.example`))));
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'uncertain',
      'retry',
      'accepted',
      'uncertain',
      'retry',
    ]);
  });

  test('a session that died while idle costs no attempt and no second copy', async () => {
    let senders = 0;
    const { mailer, sink } = await talkingTo({ MAIL: () => (++senders === 2 ? 'drop' : '250 ok') });
    for (const name of ['one', 'second']) {
      expect(await mailer.send(mailTo(`${name}@iem.example`))).toMatchObject({ kind: 'accepted' });
    }
    expect(sink.messages).toHaveLength(2);
    expect(sink.connections).toBe(2);
  });

  test('an address that is not one plain mailbox never reaches a server', async () => {
    const { mailer, sink } = await talkingTo({});
    for (const address of [
      'a@area.example, evil@x.example',
      'a@area.example;evil@x.example',
      'grupo: a@area.example;',
      'a b@area.example',
      '"a@area.example, evil"@x.example',
      'a@area.example>\r\nRCPT TO:<evil@x.example',
      'sin arroba',
      '',
      `${'a'.repeat(250)}@area.example`,
    ]) {
      expect(await mailer.send(mailTo(address))).toMatchObject(badAddress);
      expect(await mailboxMailer().send(mailTo(address))).toMatchObject(badAddress);
    }
    expect(sink.connections).toBe(0);
  });
});

describe('errors that no server sent', () => {
  test.each<[title: string, error: unknown, sawDataPrompt: boolean, outcome: object]>([
    ['a name that does not resolve', smtpError('EDNS'), false, retry],
    ['a time-out before 354', smtpError('ETIMEDOUT'), false, retry],
    ['a time-out after 354', smtpError('ETIMEDOUT'), true, uncertain],
    ['a TLS handshake that fails', smtpError('ETLS'), false, paused],
    [
      'TLS put off by the server',
      smtpError('ETLS', { response: '454 4.7.0 TLS not available' }),
      false,
      slowDown,
    ],
    [
      'a certificate with another name',
      smtpError('ESOCKET', { originalCode: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
      false,
      paused,
    ],
    ['TLS that breaks after 354', smtpError('ESOCKET', { originalCode: 'EPROTO' }), true, uncertain],
    ['a message larger than announced', smtpError('EMESSAGE', { command: 'MAIL FROM' }), false, failed],
    [
      'a refusal after 354',
      smtpError('EMESSAGE', { response: '554 5.6.0 no', command: 'DATA' }),
      true,
      failed,
    ],
    ['something that is not an error', 'roto', false, retry],
  ])('%s', (_title, error, sawDataPrompt, outcome) => {
    expect(classifySmtpError(error, sawDataPrompt)).toMatchObject(outcome);
  });

  test('a reply is kept on one line and short', () => {
    const error = smtpError('EENVELOPE', {
      response: `550-5.1.1 no\r\n550 5.1.1 ${'x'.repeat(900)}`,
      command: 'RCPT TO',
    });
    const { reply } = classifySmtpError(error, false);
    expect(reply).toMatch(/^550-5\.1\.1 no 550 5\.1\.1 x+$/);
    expect(reply).toHaveLength(500);
  });
});

test('the mailbox of the demonstration takes a message and says that it went nowhere', async () => {
  const outcome: SendOutcome = await mailboxMailer().send(mailTo('ximena@iem.example'));
  expect(outcome.kind).toBe('accepted');
  expect(outcome.reply).toMatch(/buzón de la demostración \(\d+ bytes\); no salió/);
});

function smtpError(code: string, more: object = {}): Error {
  return Object.assign(new Error('from the library'), { code, ...more });
}
