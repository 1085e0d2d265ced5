import { describe, expect, test } from 'vitest';
import { EnvironmentError, readEnvironment } from '../../jobs/environment.ts';

describe('the environment', () => {
  test('needs nothing: port 3000 on loopback, data in .data, links to this machine', () => {
    expect(readEnvironment({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      dataDir: '.data',
      databaseUrl: undefined,
      redisUrl: undefined,
      smtpUrl: undefined,
      appUrl: 'http://127.0.0.1:3000',
      mailFrom: 'avisos@convenio.example',
    });
  });

  test('an empty variable counts as absent', () => {
    expect(readEnvironment({ PORT: ' ', SMTP_URL: '' })).toMatchObject({ port: 3000, smtpUrl: undefined });
  });

  test('mails come from the host that people open', () => {
    expect(readEnvironment({ APP_URL: 'https://convenio.iem.example/' })).toMatchObject({
      appUrl: 'https://convenio.iem.example',
      mailFrom: 'avisos@convenio.iem.example',
    });
  });

  test.each([
    ['PORT', 'abc'],
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['HOST', 'a b'],
    ['DATABASE_URL', 'mysql://nadie:clave@x/y'],
    ['REDIS_URL', 'http://x'],
    ['SMTP_URL', 'correo'],
    ['APP_URL', 'ftp://x'],
    ['MAIL_FROM', 'nadie'],
    ['METRICS_TOKEN', 'corto'],
  ])('a bad %s (%s) is named and its value is not', (name, value) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(EnvironmentError);
    expect(() => readEnvironment({ [name]: value })).toThrow(
      new RegExp(`^(?!.*${value}).*\\n  ${name}: `, 's'),
    );
  });

  test('every bad variable is told at once', () => {
    expect(() => readEnvironment({ PORT: 'x', APP_URL: 'y' })).toThrow(/PORT[^]*APP_URL/);
  });
});
