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
      evidenceBucket: undefined,
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
    ['SECRET_KEY', 'Y2xhdmU='],
    ['EVIDENCE_S3_URL', 's3://evidencia'],
    ['EVIDENCE_S3_URL', 'https://almacen.example/evidencia'],
    ['EVIDENCE_S3_URL', 'https://clave:secreto@almacen.example/'],
    ['EVIDENCE_S3_URL', 'https://clave:secreto@almacen.example/Evidencia'],
    ['EVIDENCE_S3_URL', 'https://clave:%zz@almacen.example/evidencia'],
    ['EVIDENCE_S3_URL', 'https://clave:secreto@almacen.example/evidencia?regiones=mx'],
  ])('a bad %s (%s) is named and its value is not', (name, value) => {
    const read = () => readEnvironment({ [name]: value });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(`\n  ${name}: `);
    expect(read).not.toThrow(value);
  });

  test('evidence goes to a bucket when there is one, its key and secret unescaped', () => {
    const EVIDENCE_S3_URL = 'https://clave:a%2Fb%3D@almacen.example:9000/evidencia/convenio/?region=mx-1';
    expect(readEnvironment({ EVIDENCE_S3_URL }).evidenceBucket).toEqual({
      endpoint: 'https://almacen.example:9000',
      region: 'mx-1',
      access_key: 'clave',
      secret_key: 'a/b=',
      bucket: 'evidencia',
      prefix: 'convenio/',
    });
  });

  test('every bad variable is told at once', () => {
    expect(() => readEnvironment({ PORT: 'x', APP_URL: 'y' })).toThrow(/PORT[^]*APP_URL/);
  });
});
