// Evidence through the running web, the same for every store: how it arrives, who may have it, what is left behind.
import { createHash, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { extractText, getDocumentProxy } from 'unpdf';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { EVIDENCE_BYTES } from '../../app/domain/evidence.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { now } from '../../db/clock.ts';
import { sweepEvidence } from '../../db/evidence.ts';
import type { Client } from './client.ts';
import { listUnreported } from './facts-of-deadlines.ts';
import { bytesOf, docxFile, jpegFile, pdfFile, pngFile, xlsxFile } from './files.ts';
import { beginPost, CUT_IN_HEAD, formOf, MULTIPART, openForm, pour } from './raw-form.ts';
import { formKeyOf, GOOD_REPORT, postReport, reportCompliance, sendDraft, type TestFile } from './report.ts';
import { startProgram, type Program } from './web.ts';

/** A report whose file does not end. */
const OPEN_FORM = openForm(GOOD_REPORT);

/** The tests of evidence on a store: a folder of this machine, or a bucket of a real S3 server. */
export function evidenceSuite(store: 'folder' | 'bucket'): void {
  let program: Program;
  let area: Client;
  let direction: Client;
  /** Deadlines of the area that nobody has reported on: the next ones due, and the rest. */
  let near: number[];
  let unreported: number[];

  beforeAll(async () => {
    program = await startProgram({ bucket: store === 'bucket' });
    area = await program.logInAs('enlace.deoe@iem.example');
    direction = await program.logInAs('titular.devspe@iem.example');
    // All that the IEM owes becomes this area's: the tests need many deadlines of one.
    await sql`
    update obligation_area set area_id = (select id from area where key = 'iem_deoe')
    where role = 'responsible' and obligation_id in (select id from obligation where obligor = 'IEM')`.execute(
      program.db,
    );
    const owed = await listUnreported(program.db, 'iem_deoe');
    const rows = owed.filter(({ due_on, due_time }) => due_on !== null && due_time === null);
    const from = rows.findIndex(({ due_on }) => due_on! >= '2024-05-15');
    near = rows.splice(from, 5).map(({ id }) => id);
    unreported = rows.map(({ id }) => id);
    return () => program.close();
  });

  // Whatever a test does, nothing may be left half-way.
  afterEach(async () => {
    expect(await readdir(join(program.folder, 'incoming'))).toEqual([]);
  });

  const another = () => unreported.shift()!;
  const shaOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

  /** Every file of evidence kept so far, by fingerprint. */
  async function kept(): Promise<string[]> {
    const pages: string[][] = [];
    for await (const page of program.evidence.list()) pages.push(page);
    return pages.flat();
  }

  const draftFiles = (id: number) =>
    program.db
      .selectFrom('draft_file')
      .innerJoin('report_draft as d', 'd.id', 'draft_file.draft_id')
      .where('d.deadline_id', '=', id)
      .select(['name', 'sha256'])
      .orderBy('position')
      .execute();

  const reportOn = (id: number) =>
    program.db
      .selectFrom('submission')
      .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
      .where('deadline_id', '=', id)
      .select(['submission.id', 'folio', 'fulfilment', 'content', 'attempt'])
      .orderBy('attempt', 'desc')
      .executeTakeFirst();

  const filesOf = (submissionId: number) =>
    program.db
      .selectFrom('submission_file')
      .where('submission_id', '=', submissionId)
      .select(['id', 'name', 'sha256'])
      .orderBy('position')
      .execute();

  const statusOf = async (id: number) =>
    /data-status="(\w+)"/.exec(await area.page(`/vencimientos/${id}`))?.[1];

  /** Begins to post the report form of a deadline, of so many bytes. */
  const begin = (id: number, length: number) =>
    beginPost(new URL(`/vencimientos/${id}/reportar`, program.url), area.cookie(), length);

  async function pdf(text: string, name = 'oficio.pdf'): Promise<TestFile> {
    return { name, bytes: await pdfFile(text) };
  }

  /** The words beside the files of the form. */
  async function filesError(answer: Response): Promise<string> {
    const found = /id="files-error"[^>]*>(?:<span[^>]*>[^<]*<\/span>)?([^<]*)/.exec(await answer.text());
    return found?.[1] ?? '';
  }

  test('one of each kind is reported, kept once, listed in the receipt and its mail, and comes back byte by byte', async () => {
    const id = another();
    const files: TestFile[] = [
      await pdf('Oficio con sello', 'Oficio 12 — Ñuñoa (sellado).pdf'),
      { name: 'acta.docx', bytes: await docxFile('Acta') },
      { name: 'lista.xlsx', bytes: xlsxFile('Lista') },
      { name: 'sello.png', bytes: pngFile() },
      { name: 'foto.jpg', bytes: jpegFile() },
    ];
    const answer = await reportCompliance(area, id, GOOD_REPORT, files);
    const submission = (await reportOn(id))!;
    expect(answer.headers.get('location')).toBe(`/acuses/${submission.folio}?nuevo=1`);
    const said = files.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: shaOf(bytes) }));
    expect(submission.content).toMatchObject({ folio: submission.folio, fulfilment: 'full', files: said });

    const stored = await filesOf(submission.id);
    for (const [index, { id: fileId, name }] of stored.entries()) {
      const download = await direction.post(`/evidencias/${fileId}`, {});
      expect(download.status).toBe(200);
      expect(new Uint8Array(await download.arrayBuffer())).toEqual(files[index]!.bytes);
      const disposition = download.headers.get('content-disposition')!;
      expect(decodeURIComponent(/filename\*=UTF-8''(\S+)$/.exec(disposition)![1]!)).toBe(name);
      expect(disposition).toMatch(/^attachment; filename="[ -~]+"; /);
      expect(download.headers.get('content-security-policy')).toContain("sandbox; default-src 'none'");
      expect(download.headers.get('x-content-type-options')).toBe('nosniff');
      expect(download.headers.get('cache-control')).toBe('private, no-store');
      expect(download.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
    const noted = await program.db
      .selectFrom('audit_entry')
      .where('verb', '=', 'descargó evidencia')
      .where('subject', '=', `evidencia ${stored[0]!.id}`)
      .select(['actor', 'detail'])
      .execute();
    expect(noted).toEqual([
      expect.objectContaining({
        detail: { folio: submission.folio, name: stored[0]!.name, sha256: stored[0]!.sha256 },
      }),
    ]);

    const mail = await vi.waitUntil(
      () =>
        program.db
          .selectFrom('message')
          .where('submission_id', '=', submission.id)
          .where('state', '=', 'accepted')
          .select(['text', 'html'])
          .executeTakeFirst(),
      { timeout: 30_000, interval: 50 },
    );
    const page = await area.page(`/acuses/${submission.folio}`);
    const document = await area.get(`/acuses/${submission.folio}/pdf`);
    expect(document.headers.get('content-type')).toBe('application/pdf');
    const bytes = new Uint8Array(await document.arrayBuffer());
    expect(
      shaOf(new Uint8Array(await (await area.get(`/acuses/${submission.folio}/pdf`)).arrayBuffer())),
    ).toBe(shaOf(bytes));
    const { text } = await extractText(await getDocumentProxy(bytes), { mergePages: true });
    for (const { name, sha256 } of said) {
      for (const told of [mail.text!, mail.html!, page, text]) {
        expect(told.replace(/\s+/g, ' ')).toContain(name);
        expect(told.replace(/\s+/g, '')).toContain(sha256);
      }
    }
    expect(text).toContain(submission.folio);
  });

  test('a receipt tells the file that was handed in from any other', async () => {
    const id = another();
    const file = await pdf('El verdadero');
    await reportCompliance(area, id, GOOD_REPORT, [file]);
    const { folio } = (await reportOn(id))!;
    const check = async (candidate: TestFile | null) => {
      const form = new FormData();
      if (candidate) form.append('archivo', new File([candidate.bytes], candidate.name));
      return area.send(`/acuses/${folio}`, { method: 'POST', body: form });
    };
    const same = await check({ ...file, name: 'con otro nombre.pdf' });
    expect([same.status, (await same.text()).includes('✓ Es el mismo archivo: «oficio.pdf».')]).toEqual([
      200,
      true,
    ]);
    const forged = await (await check({ ...file, bytes: bytesOf(file.bytes, ' ') })).text();
    expect(forged).toContain('No es ninguno de los archivos de este acuse');
    const none = await check(null);
    expect([none.status, (await none.text()).includes('Elige el archivo que quieres verificar')]).toEqual([
      400,
      true,
    ]);
    const large = await check({ name: 'x.pdf', bytes: new Uint8Array(EVIDENCE_BYTES + 1) });
    expect(large.status).toBe(413);
    expect(await kept()).not.toContain(shaOf(bytesOf(file.bytes, ' ')));
  });

  describe('a file that cannot be taken', () => {
    test('is named at the field, and what was typed and the good files stay in the draft', async () => {
      const id = another();
      const good = await pdf('Bueno');
      const answer = await postReport(area, id, { ...GOOD_REPORT, note: 'Lo que escribí' }, [
        { name: 'vacio.pdf', bytes: bytesOf() },
        good,
        { name: '../x.html.pdf', bytes: bytesOf('<!doctype html><script>alert(1)</script>') },
        { name: 'viejo.doc', bytes: bytesOf('x') },
      ]);
      expect(answer.status).toBe(400);
      const page = await answer.clone().text();
      expect(page).toContain('Lo que escribí');
      expect((await filesError(answer)).split('\n')).toEqual([
        '«vacio.pdf»: El archivo está vacío',
        '«x.html.pdf»: El contenido no corresponde a .pdf',
        '«viejo.doc»: Los archivos con macros o de formatos anteriores no se admiten; guárdalo como .docx, .xlsx o PDF',
      ]);
      expect(await draftFiles(id)).toEqual([{ name: 'oficio.pdf', sha256: shaOf(good.bytes) }]);
      expect(await kept()).toContain(shaOf(good.bytes));
      expect((await area.page(`/vencimientos/${id}/reportar`)).includes('Lo que escribí')).toBe(true);
    });

    test('because it is already there is said so, and attached once', async () => {
      const id = another();
      const file = await pdf('Dos veces');
      const intent = { ...GOOD_REPORT, intent: 'save' };
      const answer = await postReport(area, id, intent, [file, { ...file, name: 'copia.pdf' }]);
      expect(await filesError(answer)).toBe('«copia.pdf»: ya está adjunto (misma huella que «oficio.pdf»)');
      expect((await postReport(area, id, intent, [file])).status).toBe(400);
      expect(await draftFiles(id)).toHaveLength(1);
    });

    test('because it would be the eleventh is left out', async () => {
      const id = another();
      const files = await Promise.all(Array.from({ length: 9 }, (_, n) => pdf(`Archivo ${n}`, `${n}.pdf`)));
      const intent = { ...GOOD_REPORT, intent: 'save' };
      expect((await postReport(area, id, intent, files)).status).toBe(303);
      const more = await postReport(area, id, intent, [
        await pdf('décimo', '10.pdf'),
        await pdf('once', '11.pdf'),
      ]);
      expect(await filesError(more)).toBe('«11.pdf»: máximo 10 archivos por reporte');
      const flood = await Promise.all(Array.from({ length: 30 }, (_, n) => pdf(`Otro ${n}`, `o${n}.pdf`)));
      const refused = await postReport(area, id, intent, flood);
      expect([refused.status, await draftFiles(id)].flat()).toHaveLength(11);
      expect(refused.status).toBe(400);
    });

    test('because it is larger than 25 MB ends the reading there; the rest is never taken in', async () => {
      const id = another();
      const declared = 200 * 1024 * 1024;
      const { answer, sent } = await pour(begin(id, declared), OPEN_FORM, declared);
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toContain('pesa más de 25 MB');
      expect(sent).toBeLessThan(60 * 1024 * 1024);
      const draft = await program.db
        .selectFrom('report_draft')
        .where('deadline_id', '=', id)
        .select('fields')
        .executeTakeFirstOrThrow();
      expect(draft.fields.document_number).toBe(GOOD_REPORT['document_number']);
      expect(await draftFiles(id)).toEqual([]);
    });

    test('because the form is heavier than ten of the largest is refused before it is read', async () => {
      const { answer, sent } = await pour(begin(another(), 300 * 1024 * 1024), '', 0);
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(sent).toBeLessThan(1024 * 1024);
    });
  });

  describe('a form that does not arrive whole', () => {
    const send = (id: number, type: string, body: string) =>
      area.send(`/vencimientos/${id}/reportar`, { method: 'POST', headers: { 'Content-Type': type }, body });

    test.each([
      ['without a boundary', 'multipart/form-data', `--x\r\n\r\n--x--`],
      ['of another boundary', 'multipart/form-data; boundary=otra', OPEN_FORM],
      ['cut off inside a file', MULTIPART, OPEN_FORM],
      ['cut off inside a head', MULTIPART, CUT_IN_HEAD],
      ['with nothing in it', MULTIPART, ''],
      [
        'with a field twice',
        MULTIPART,
        formOf([
          ['act_on', '2024-05-14'],
          ['act_on', '2024-05-13'],
        ]),
      ],
      [
        'with a file where a date goes',
        MULTIPART,
        OPEN_FORM.replace('name="act_on"', 'name="act_on"; filename="x"'),
      ],
      ['with a text of a megabyte', MULTIPART, formOf([['note', 'x'.repeat(1_000_000)]])],
      ['with two hundred fields', MULTIPART, formOf(Array.from({ length: 200 }, (_, n) => [`c${n}`, '1']))],
      ['with a head of a megabyte', MULTIPART, formOf([['note"; x="'.padEnd(1_000_000, 'x'), '1']])],
      [
        'nested in another',
        MULTIPART,
        formOf([['files', '--x\r\n\r\n--x--']], 'Content-Type: multipart/mixed; boundary=x\r\n'),
      ],
    ])('%s answers 400 and leaves nothing', async (_, type, body) => {
      const id = unreported.at(-1)!;
      const before = await kept();
      const answer = await send(id, type, body);
      expect(answer.status).toBe(400);
      expect(await answer.text()).not.toMatch(/at \w+ \(|node_modules/);
      expect(await draftFiles(id)).toEqual([]);
      expect(await kept()).toEqual(before);
    });

    test('because whoever sent it went away leaves nothing', async () => {
      const id = another();
      const incoming = () => readdir(join(program.folder, 'incoming'));
      const socket = begin(id, 10_000_000);
      socket.write(OPEN_FORM);
      socket.write(Buffer.alloc(9_000_000));
      await vi.waitUntil(async () => (await incoming()).length === 1, { timeout: 30_000, interval: 10 });
      socket.destroy();
      await vi.waitUntil(async () => (await incoming()).length === 0, { timeout: 30_000, interval: 10 });
      expect(
        await program.db.selectFrom('report_draft').where('deadline_id', '=', id).select('id').execute(),
      ).toEqual([]);
    });
  });

  describe('a draft', () => {
    test('keeps text and files until it is sent, is nobody else’s, and can be thrown away', async () => {
      const id = another();
      const file = await pdf('Borrador');
      const saved = await postReport(area, id, { note: 'A medias', intent: 'save' }, [file]);
      expect(saved.headers.get('location')).toBe(`/vencimientos/${id}/reportar?guardado=1`);
      const page = await area.page(`/vencimientos/${id}/reportar`);
      expect([page.includes('A medias'), page.includes('oficio.pdf')]).toEqual([true, true]);
      const head = await program.logInAs('titular.deoe@iem.example');
      expect((await head.page(`/vencimientos/${id}/reportar`)).includes('A medias')).toBe(false);
      // There is nothing to send yet.
      expect((await area.get(`/vencimientos/${id}/reportar/enviar`)).headers.get('location')).toBe(
        `/vencimientos/${id}/reportar`,
      );
      const removed = await postReport(area, id, { intent: 'save' }, [], { remove: [shaOf(file.bytes)] });
      expect([removed.status, await draftFiles(id)]).toEqual([303, []]);
      await postReport(area, id, { intent: 'discard' }, []);
      expect(
        await program.db.selectFrom('report_draft').where('deadline_id', '=', id).select('id').execute(),
      ).toEqual([]);
    });

    test('saved twice as it is changes nothing', async () => {
      const id = another();
      await postReport(area, id, { ...GOOD_REPORT, intent: 'save' }, []);
      const key = await formKeyOf(area, id);
      await postReport(area, id, GOOD_REPORT, []);
      expect(await formKeyOf(area, id)).toBe(key);
    });
  });

  test('one evidence for several obligations is a report on each, of one family of folios, decided one by one', async () => {
    const [first, second, third] = near.splice(0, 3) as [number, number, number];
    const file = await pdf('Para tres');
    await reportCompliance(area, first, GOOD_REPORT, [file], { also: [second, third, 999_999] });
    const reports = await Promise.all([first, second, third].map(reportOn));
    const folio = reports[0]!.folio;
    expect(reports.map((report) => report!.folio)).toEqual([folio, `${folio}-2`, `${folio}-3`]);
    for (const report of reports) expect((await filesOf(report!.id))[0]!.sha256).toBe(shaOf(file.bytes));
    expect(reports[0]!.content).toMatchObject({ handed_in_with: [`${folio}-2`, `${folio}-3`] });
    expect((await area.page(`/acuses/${folio}-2`)).includes(`/acuses/${folio}-3`)).toBe(true);

    await direction.post(`/revision/${reports[0]!.id}`, { decision: 'accepted', words: '' });
    await direction.post(`/revision/${reports[1]!.id}`, {
      decision: 'returned',
      words: 'A ésta le falta el anexo.',
    });
    expect(await Promise.all([first, second, third].map(statusOf))).toEqual([
      'concluded_on_time',
      expect.stringMatching(/^(overdue|due_soon|on_track)$/),
      'in_review',
    ]);
    // Corrected, it keeps its file unless it is taken out.
    await reportCompliance(area, second, { ...GOOD_REPORT, note: 'Con su anexo' }, [
      await pdf('Anexo', 'anexo.pdf'),
    ]);
    const corrected = (await reportOn(second))!;
    expect(corrected.attempt).toBe(2);
    expect((await filesOf(corrected.id)).map(({ name }) => name)).toEqual(['oficio.pdf', 'anexo.pdf']);
  });

  test('only what was met in full can be for several obligations', async () => {
    const [first, second] = near.splice(0, 2) as [number, number];
    const partial = { ...GOOD_REPORT, fulfilment: 'partial', note: 'Falta el anexo 2' };
    const answer = await postReport(area, first, partial, [], { also: [second] });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('Sólo lo que se cumplió totalmente');
  });

  test('what was met in part is decided as a part and stays open', async () => {
    const id = another();
    const before = await statusOf(id);
    await reportCompliance(area, id, { ...GOOD_REPORT, fulfilment: 'partial', note: 'Falta el anexo 2' });
    const { id: submission } = (await reportOn(id))!;
    expect(await statusOf(id)).toBe('in_review');
    const decide = (decision: string, words: string) =>
      direction.post(`/revision/${submission}`, { decision, words });
    expect((await decide('accepted', '')).status).toBe(409);
    expect((await decide('condition_not_met', '')).status).toBe(409);
    expect((await decide('accepted_in_part', '')).status).toBe(400);
    expect((await decide('accepted_in_part', 'Falta el anexo 2.')).status).toBe(303);
    expect(await statusOf(id)).toBe(before);
    const mail = await program.db
      .selectFrom('message')
      .where('submission_id', '=', submission)
      .where('kind', '=', 'returned')
      .select('id')
      .execute();
    expect(mail).toHaveLength(1);
    await reportCompliance(area, id, { ...GOOD_REPORT, document_number: 'IEM-DEOE-124/2024' });
    await direction.post(`/revision/${(await reportOn(id))!.id}`, { decision: 'accepted', words: '' });
    expect(await statusOf(id)).toMatch(/^concluded/);
  });

  test('what does not proceed is decided by the Dirección and closes the deadline as excepted', async () => {
    const id = another();
    await reportCompliance(area, id, {
      ...GOOD_REPORT,
      fulfilment: 'not_applicable',
      note: 'No hubo conteo rápido',
    });
    const { id: submission } = (await reportOn(id))!;
    expect((await direction.page(`/revision/${submission}`)).includes('Confirmar que no procede')).toBe(true);
    expect(
      (await direction.post(`/revision/${submission}`, { decision: 'accepted', words: '' })).status,
    ).toBe(409);
    const confirmed = await direction.post(`/revision/${submission}`, {
      decision: 'condition_not_met',
      words: '',
    });
    expect(confirmed.status).toBe(303);
    expect(await statusOf(id)).toBe('waived');
    const waiver = await program.db
      .selectFrom('waiver')
      .where('deadline_id', '=', id)
      .select(['kind', 'reason', 'document'])
      .executeTakeFirst();
    expect(waiver).toEqual({
      kind: 'condition_not_met',
      reason: 'No hubo conteo rápido',
      document: 'Oficio IEM-DEOE-123/2024',
    });
  });

  test('what nobody refers to is deleted after thirty days, and no file a report or a draft has', async () => {
    const [sent, drafted] = [another(), another()];
    const [inReport, inDraft, left] = await Promise.all(
      ['Reporte', 'Se queda', 'Se quita'].map((text) => pdf(text)),
    );
    await reportCompliance(area, sent, GOOD_REPORT, [inReport!]);
    await postReport(area, drafted, { intent: 'save' }, [inDraft!, { ...left!, name: 'otro.pdf' }]);
    await postReport(area, drafted, { intent: 'save' }, [], { remove: [shaOf(left!.bytes)] });
    const { at } = await now(program.db);
    const inDays = (days: number) => momentOf(new Date(Date.parse(at) + days * 86_400_000).toISOString());
    const has = async () => {
      const all = await kept();
      return [inReport!, inDraft!, left!].map(({ bytes }) => all.includes(shaOf(bytes)));
    };
    await sweepEvidence(program.db, program.evidence, inDays(29));
    expect(await has()).toEqual([true, true, true]);
    expect(await sweepEvidence(program.db, program.evidence, inDays(32))).toBeGreaterThan(0);
    expect(await has()).toEqual([true, true, false]);
    const rows = await program.db
      .selectFrom('evidence_file')
      .where('sha256', '=', shaOf(left!.bytes))
      .selectAll()
      .execute();
    expect(rows).toEqual([]);

    // A file whose row was never committed: the program ended between one and the other.
    const stray = shaOf(bytesOf(randomUUID()));
    const received = (await program.evidence.receive(streamOf(bytesOf('x')), 10, at))!;
    await program.evidence.keep({ ...received, sha256: stray }, '1970-01-01T00:00:01.000Z');
    await sweepEvidence(program.db, program.evidence, inDays(0));
    expect(await kept()).not.toContain(stray);
    await program.evidence.receive(streamOf(bytesOf('x')), 10, at);
    await sweepEvidence(program.db, program.evidence, inDays(0.9));
    expect(await readdir(join(program.folder, 'incoming'))).toHaveLength(1);
    await sweepEvidence(program.db, program.evidence, inDays(1.1));
    expect(await readdir(join(program.folder, 'incoming'))).toEqual([]);
  });

  const streamOf = (bytes: Uint8Array) => Readable.from([Buffer.from(bytes)]);

  test('sending somebody else’s key sends nothing', async () => {
    const id = another();
    await postReport(area, id, GOOD_REPORT);
    const answer = await sendDraft(area, id, randomUUID());
    expect(answer.status).toBe(409);
    expect(await reportOn(id)).toBeUndefined();
  });
}
