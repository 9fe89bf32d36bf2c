import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { builtinPacks } from '../../server/plugins/builtin.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Sources in a room, by their path from the root. */
function sourcesIn(room: string): string[] {
  if (!existsSync(join(root, room))) return [];
  return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(room, file).replaceAll('\\', '/'))
    .sort();
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
}

function nodesOf(source: ts.SourceFile): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

interface Import {
  from: string;
  onlyTypes: boolean;
}

function importsOf(file: string): Import[] {
  return nodesOf(parse(file)).flatMap((node): Import[] => {
    const isStatement = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
    if (isStatement && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      const onlyTypes = ts.isImportDeclaration(node) ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword : node.isTypeOnly;
      return [{ from: node.moduleSpecifier.text, onlyTypes }];
    }
    const isCall = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
    return isCall && ts.isStringLiteral(node.arguments[0]!) ? [{ from: node.arguments[0].text, onlyTypes: false }] : [];
  });
}

describe('every file of the packs', () => {
  const packs = sourcesIn('plugins');

  it('is looked at', () => expect(packs.length).toBeGreaterThan(40));

  it.each(packs)('%s imports its own pack and plugins/sdk alone, of TensorFlow types alone', (file) => {
    const [, pack] = file.split('/');
    for (const { from, onlyTypes } of importsOf(file)) {
      if (from.startsWith('.')) {
        const [room, other, ...rest] = join(dirname(file), from).split('/');
        expect([room, rest.length > 0], from).toEqual(['plugins', true]);
        expect([pack, 'sdk'], from).toContain(other);
        // What the sdk offers is what its index exports.
        if (other === 'sdk' && pack !== 'sdk') expect(rest, from).toEqual(['index.ts']);
      } else if (from === '@tensorflow/tfjs-core') expect(onlyTypes, from).toBe(true);
      else expect([pack, from]).toEqual(['sdk', 'zod']);
    }
  });
});

describe('node types', () => {
  const types = new Set(builtinPacks.flatMap(({ nodes }) => nodes.map(({ type }) => type)));
  const others = [...sourcesIn('server'), ...sourcesIn('client')];

  it('are known', () => {
    expect(types.size).toBeGreaterThan(15);
    expect(types).toContain('scoring/distance');
  });

  it('are named in no source of server or client', () => {
    expect(others.length).toBeGreaterThan(100);
    const named = others.flatMap((file) =>
      nodesOf(parse(file))
        .filter((node) => ts.isStringLiteralLike(node))
        .filter(({ text }) => types.has(text))
        .map(({ text }) => `${file}: ${text}`),
    );
    expect(named).toEqual([]);
  });
});

describe('a file that imports across the rooms', () => {
  const eslint = new ESLint({ cwd: root });
  const complaints = async (file: string, from: string): Promise<string[]> => {
    const text = `import { x } from '${from}';\n\nexport const y = x;\n`;
    const [result] = await eslint.lintText(text, { filePath: join(root, file) });
    return result!.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`);
  };

  it.each([
    ['plugins/scoring/x.ts', '../../server/graph/parse.ts', 'plugins import only plugins/sdk'],
    ['plugins/evaluation/metrics/x.ts', '../../../server/home.ts', 'plugins import only plugins/sdk'],
    ['plugins/scoring/x.ts', '../../client/app.ts', 'plugins import only plugins/sdk'],
    ['plugins/scoring/x.ts', 'node:fs', 'plugins import only plugins/sdk'],
    ['plugins/scoring/x.ts', '@tensorflow/tfjs-node-gpu', 'plugins import only plugins/sdk'],
    ['plugins/sdk/x.ts', '../../server/home.ts', 'plugins/sdk imports nothing but'],
    ['plugins/scoring/x.ts', '../evaluation/metrics/auroc.ts', 'plugins import only plugins/sdk'],
    ['plugins/evaluation/metrics/x.ts', '../../scoring/combine.ts', 'plugins import only plugins/sdk'],
    ['plugins/scoring/x.ts', 'sharp', 'plugins import only plugins/sdk'],
    ['plugins/sdk/x.ts', '../scoring/combine.ts', 'plugins/sdk imports nothing but'],
    ['server/graph/x.ts', 'node:fs', 'without Node or TensorFlow'],
    ['server/graph/x.ts', '../data/hash.ts', 'without Node or TensorFlow'],
    ['server/graph/x.ts', '../home.ts', 'without Node or TensorFlow'],
    ['server/compiler/x.ts', '../runs/run.ts', 'pass what it needs in'],
    ['server/compiler/x.ts', '../plugins/builtin.ts', 'pass what it needs in'],
    ['server/graph/x.ts', '@tensorflow/tfjs-core', 'without Node or TensorFlow'],
    ['server/graph/x.ts', '../compiler/check.ts', 'without Node or TensorFlow'],
    ['server/compiler/x.ts', '../engine/load.ts', 'pass what it needs in'],
    ['server/compiler/x.ts', '../runtime/fit.ts', 'pass what it needs in'],
    ['server/compiler/x.ts', '../data/hash.ts', 'pass what it needs in'],
    ['server/data/x.ts', '../compiler/check.ts', 'pass what they need in'],
    ['server/engine/x.ts', '../runtime/fit.ts', 'pass what they need in'],
    ['server/weights/x.ts', '../runs/run.ts', 'pass what they need in'],
    ['server/runtime/x.ts', '../runs/run.ts', 'report through events'],
  ])('%s from %s: is told what to do instead', async (file, from, message) => {
    const told = await complaints(file, from);
    expect(told).not.toEqual([]);
    for (const complaint of told) {
      expect(complaint).toMatch(/^no-restricted-imports: /);
      expect(complaint).toContain(message);
    }
  });

  it.each([
    ['plugins/scoring/x.ts', '../sdk/index.ts'],
    ['plugins/scoring/x.ts', './combine.ts'],
    ['plugins/evaluation/metrics/x.ts', '../threshold.ts'],
    ['plugins/evaluation/metrics/x.ts', '../../sdk/index.ts'],
    ['plugins/sdk/x.ts', 'zod'],
    ['server/graph/x.ts', '../../plugins/sdk/index.ts'],
    ['server/compiler/x.ts', '../graph/parse.ts'],
    ['server/runtime/x.ts', '../compiler/plan.ts'],
    ['server/cli/x.ts', '../runs/run.ts'],
  ])('%s from %s: is as it should be', async (file, from) => {
    expect(await complaints(file, from)).toEqual([]);
  });

  it('the rooms are those of the tree', () => {
    for (const room of ['plugins/sdk', 'plugins/scoring', 'server/graph', 'server/compiler', 'server/engine', 'server/data', 'server/weights', 'server/runtime']) {
      expect(existsSync(join(root, room)), room).toBe(true);
    }
  });
});
