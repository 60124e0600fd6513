import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseSync } from 'vite';

/** One import as it stands in a file. */
export type Import = {
  specifier: string;
  /** Only types cross: nothing of it exists at run time. */
  isType: boolean;
  /** `*`, `default` or the exported names it takes; empty for side effects and dynamic imports. */
  names: string[];
};

export type SourceFile = { path: string; lines: number; imports: Import[]; text: string };

type Node = { type: string; [key: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

function literal(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === 'Literal' && typeof value['value'] === 'string') return value['value'];
  // import(`fixed text`)
  const quasis = value['quasis'];
  if (value.type === 'TemplateLiteral' && Array.isArray(quasis) && quasis.length === 1) return (quasis[0] as { value: { cooked: string } }).value.cooked;
  return undefined;
}

function nameOf(specifier: Node): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  const imported = (specifier['imported'] ?? specifier['local']) as { name?: string; value?: string };
  return imported.name ?? imported.value ?? '*';
}

function statementImport(node: Node): Import | undefined {
  const specifier = literal(node['source']);
  if (specifier === undefined) return undefined;
  const specifiers = (node['specifiers'] ?? []) as Node[];
  const values = specifiers.filter((item) => item['importKind'] !== 'type' && item['exportKind'] !== 'type');
  const wholeIsType = node['importKind'] === 'type' || node['exportKind'] === 'type';
  const isType = wholeIsType || (specifiers.length > 0 && values.length === 0);
  const names = node.type === 'ExportAllDeclaration' ? ['*'] : (isType ? specifiers : values).map(nameOf);
  return { specifier, isType, names };
}

function expressionImport(node: Node): Import | undefined {
  if (node.type === 'ImportExpression') {
    return { specifier: literal(node['source']) ?? '(computed)', isType: false, names: [] };
  }
  if (node.type === 'TSImportType') {
    const specifier = literal(node['source'] ?? node['argument']);
    return specifier === undefined ? undefined : { specifier, isType: true, names: [] };
  }
  if (node.type === 'CallExpression') {
    const callee = node['callee'] as Node;
    const [argument] = node['arguments'] as unknown[];
    const specifier = literal(argument);
    if (callee.type === 'Identifier' && callee['name'] === 'require') return { specifier: specifier ?? '(computed)', isType: false, names: [] };
  }
  return undefined;
}

/** Every import, export-from, dynamic import, `require` and `import('…')` type in a source text. @throws when it does not parse */
export function importsOf(text: string, name = 'sample.ts'): Import[] {
  const result = parseSync(name, text);
  if (result.errors.length > 0) throw new Error(`${name} does not parse: ${result.errors[0]?.message ?? ''}`);
  const found: Import[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isNode(value)) return;
    const isStatement = value.type === 'ImportDeclaration' || value.type === 'ExportNamedDeclaration' || value.type === 'ExportAllDeclaration';
    const one = isStatement ? statementImport(value) : expressionImport(value);
    if (one !== undefined) found.push(one);
    for (const [key, child] of Object.entries(value)) if (key !== 'parent' && typeof child === 'object') visit(child);
  };
  visit(result.program);
  return found;
}

/** Where a relative import leads, as a path from the root with forward slashes; other specifiers come back as they are. */
export function target(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return relative(resolve('/'), resolve('/', dirname(from), specifier)).split(sep).join('/');
}

/** All sources below a folder, paths from the root with forward slashes. A folder that does not exist has none. */
export function readSources(root: string, folder: string): SourceFile[] {
  const list = (path: string): string[] => {
    try {
      return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? list(`${path}/${entry.name}`) : [`${path}/${entry.name}`]));
    } catch {
      return [];
    }
  };
  return list(folder).filter((path) => /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/.test(path) && !path.endsWith('.d.ts')).map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0), imports: importsOf(text, path) };
  });
}
