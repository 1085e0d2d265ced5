// `npm run faults`: breaks the program from outside while it sends, and prints what became of the mails as one table.
// `npm run faults -- kills races` does some of it alone.
import { prepareGround } from './ground.ts';
import { RUNS } from './runs.ts';
import type { Row } from './scene.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(RUNS, name));
if (unknown.length > 0) {
  say(`There is no run called ${unknown.join(', ')}; there are ${Object.keys(RUNS).join(', ')}.`);
  process.exit(2);
}

const HEAD =
  '| fault | what was done | mails owed | lost | copies (most of one) | distinct Message-IDs | latest | else | verdict |';
const RULE = '| --- | --- | --: | --: | --: | --: | --: | --- | --- |';

function line({
  fault,
  done,
  owed,
  lost,
  copies,
  most_copies,
  distinct,
  late_s,
  seen,
  open,
  unrecognised,
  good,
}: Row) {
  const odd = [
    ...(seen === '' ? [] : [seen]),
    ...(open === 0 ? [] : [`left open: ${open}`]),
    ...(unrecognised === 0 ? [] : [`not recognisable: ${unrecognised}`]),
  ].join('; ');
  const cells = [
    fault,
    done,
    owed,
    lost,
    `${copies} (${most_copies})`,
    distinct,
    `${late_s} s`,
    odd,
    good ? 'holds' : '**BROKEN**',
  ];
  return `| ${cells.join(' | ')} |`;
}

const ground = await prepareGround();
try {
  process.stdout.write(`${HEAD}\n${RULE}\n`);
  for (const [name, run] of Object.entries(RUNS)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    say(`${name}…`);
    const began = performance.now();
    for (const row of await run(ground)) {
      process.stdout.write(`${line(row)}\n`);
      if (!row.good) process.exitCode = 1;
    }
    say(`${name}: ${Math.round((performance.now() - began) / 1000)} s`);
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await ground.close();
  process.exit();
}
