import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import routes from '../../app/routes.ts';
import { POLICY, type RouteName } from '../../app/server/access.ts';

const APP = new URL('../../app/', import.meta.url);

interface RouteFile {
  name: string;
  source: ts.SourceFile;
}

const files: RouteFile[] = routes.map(({ file }) => ({
  name: file.replace(/^routes\/|\.tsx?$/g, ''),
  source: ts.createSourceFile(file, readFileSync(new URL(file, APP), 'utf8'), ts.ScriptTarget.Latest, true),
}));

/** The exported function of that name, be it a loader, an action or the page. */
function exported({ source }: RouteFile, name: string): ts.FunctionDeclaration | undefined {
  return source.statements
    .filter(ts.isFunctionDeclaration)
    .find(
      (statement) =>
        statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) &&
        (statement.name?.text === name ||
          (name === 'default' &&
            statement.modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword))),
    );
}

/** Everything exported that is not a function declaration, which `exported` could not look into. */
function exportedOtherwise({ source }: RouteFile, name: string): boolean {
  return source.statements.some(
    (statement) =>
      (ts.isVariableStatement(statement) &&
        statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) &&
        statement.declarationList.declarations.some((declaration) => declaration.name.getText() === name)) ||
      (ts.isExportDeclaration(statement) && (statement.exportClause?.getText().includes(name) ?? true)),
  );
}

const SHORT_CIRCUITS: ts.SyntaxKind[] = [
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
];

/**
 * What the first statement of a function asks for: [function, its second argument]. A function of the same file
 * that the first statement calls is followed, so that a loader and an action may share their door.
 */
function firstQuestion(file: RouteFile, body: ts.Block): [asked: string, route: string] | undefined {
  const first = body.statements[0];
  if (!first) return undefined;
  let found: [string, string] | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const name = node.expression.text;
      const route = node.arguments[1];
      if ((name === 'requireActor' || name === 'requireDemo') && route && ts.isStringLiteral(route)) {
        found ??= [name, route.text];
      }
      const local = file.source.statements
        .filter(ts.isFunctionDeclaration)
        .find((statement) => statement.name?.text === name);
      if (local?.body) found ??= firstQuestion(file, local.body);
    }
    // Only what surely runs counts: nothing behind a condition or inside another function.
    if (ts.isConditionalExpression(node) || ts.isFunctionLike(node) || ts.isIfStatement(node)) return;
    if (ts.isBinaryExpression(node) && SHORT_CIRCUITS.includes(node.operatorToken.kind)) return;
    ts.forEachChild(node, visit);
  };
  visit(first);
  return found;
}

const doors = files.flatMap((file) =>
  ['loader', 'action'].map((kind) => ({ file, kind, name: file.name, door: exported(file, kind) })),
);
const policyOf = (name: string): unknown => POLICY[name as RouteName];
const guarded = doors.filter(({ name, door }) => door !== undefined && policyOf(name) !== 'public');

describe('the table of access', () => {
  test('has one policy for every route, and none for a route that does not exist', () => {
    expect(files.map(({ name }) => name).sort()).toEqual(Object.keys(POLICY).sort());
  });

  test('names files that exist', () => {
    expect(routes.filter(({ file }) => !existsSync(new URL(file, APP)))).toEqual([]);
  });

  test('is not delegated to a parent: no route has children', () => {
    expect(routes.filter(({ children }) => children !== undefined && children.length > 0)).toEqual([]);
  });
});

describe('a route that is not public', () => {
  test.each(guarded.map(({ name, kind, file, door }) => ({ name, kind, file, door })))(
    '$name: its $kind asks for its own name before anything else',
    ({ name, file, door }) => {
      const asked = policyOf(name) === 'demo' ? 'requireDemo' : 'requireActor';
      expect(door?.body && firstQuestion(file, door.body)).toEqual([asked, name]);
    },
  );

  test('shows a page only behind a loader of its own', () => {
    const bare = files.filter(
      (file) =>
        policyOf(file.name) !== 'public' &&
        exported(file, 'default') &&
        exported(file, 'loader') === undefined,
    );
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  test('exports its loader and its action as functions, which this test can read', () => {
    const hidden = files.filter((file) => ['loader', 'action'].some((name) => exportedOtherwise(file, name)));
    expect(hidden.map(({ name }) => name)).toEqual([]);
  });
});
