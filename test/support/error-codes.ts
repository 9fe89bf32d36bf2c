import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** Where in the sources a code is given to a problem. */
export interface CodeUse {
  code: string;
  file: string;
  line: number;
}

const CODE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Every code that the sources give to a problem or an error, read from their syntax: `code: '…'` of an object, and
 * what is passed to a parameter named `code`, of `StillroomError`, of `super` in a class that extends it, or of a function
 * of the same file.
 */
export function errorCodes(root: URL): CodeUse[] {
  const files = ['server', 'plugins'].flatMap((room) =>
    readdirSync(new URL(room, root), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${room}/${file.replaceAll('\\', '/')}`),
  );
  return files.sort().flatMap((file) => codesOf(file, readFileSync(new URL(file, root), 'utf8')));
}

export function codesOf(file: string, text: string): CodeUse[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const positions = new Map<string, number>([['StillroomError', 0]]);
  const uses: CodeUse[] = [];
  const take = (node: ts.Node | undefined): void => {
    if (!node) return;
    if (ts.isStringLiteral(node) && CODE.test(node.text)) {
      uses.push({ code: node.text, file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    }
    if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(take);
  };
  const declarations = (node: ts.Node): void => {
    const name = ts.isConstructorDeclaration(node) ? node.parent.name?.text : nameOf(node);
    if (ts.isFunctionLike(node) && name) {
      node.parameters.forEach((parameter, i) => {
        if (parameter.name.getText() !== 'code') return;
        positions.set(name, i);
        take(parameter.initializer);
      });
    }
    ts.forEachChild(node, declarations);
  };
  const expressions = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'code') take(node.initializer);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
      const position = positions.get(callee.getText());
      if (position !== undefined) take(node.arguments?.[position]);
      if (callee.kind === ts.SyntaxKind.SuperKeyword && superclassOf(node) === 'StillroomError') take(node.arguments?.[0]);
    }
    ts.forEachChild(node, expressions);
  };
  declarations(source);
  expressions(source);
  return uses;
}

/** What the class around a node extends. */
function superclassOf(node: ts.Node): string {
  const around = ts.findAncestor(node, ts.isClassLike);
  return around?.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression.getText() ?? '';
}

function nameOf(node: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) return node.name?.getText();
  const isNamed = ts.isVariableDeclaration(node.parent ?? node) && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));
  return isNamed ? (node.parent as ts.VariableDeclaration).name.getText() : undefined;
}
