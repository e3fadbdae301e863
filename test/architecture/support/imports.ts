import { parseSync, type Module } from '@swc/core';

/** One module that a file names, in any way that makes the file depend on it; types count. */
export interface Import {
  readonly specifier: string;
  readonly form: 'import' | 'export' | 'call' | 'type';
}

/** One name that a file takes from another and gives on. */
export interface ReExport {
  readonly from: string;
  readonly original: string;
  readonly exported: string;
}

type Node = Readonly<Record<string, unknown>>;

const text = (node: unknown): string | undefined => {
  const { type, value } = (node ?? {}) as Node;
  return type === 'StringLiteral' ? String(value) : undefined;
};

function* walk(node: unknown): Generator<Node> {
  if (Array.isArray(node)) for (const item of node) yield* walk(item);
  else if (typeof node === 'object' && node !== null) {
    yield node as Node;
    for (const child of Object.values(node)) yield* walk(child);
  }
}

const loads = (callee: Node | undefined) =>
  callee?.['type'] === 'Import' ||
  (callee?.['type'] === 'Identifier' && callee['value'] === 'require') ||
  (callee?.['type'] === 'MemberExpression' && (callee['object'] as Node)['value'] === 'require');

function importOf(node: Node): Import | undefined {
  const from = (form: Import['form'], source: unknown) => {
    const specifier = text(source);
    return specifier === undefined ? undefined : { form, specifier };
  };
  switch (node['type']) {
    case 'ImportDeclaration':
      return from('import', node['source']);
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return from('export', node['source']);
    case 'TsImportType':
      return from('type', node['argument']);
    case 'TsExternalModuleReference':
      return from('call', node['expression']);
    case 'CallExpression':
      if (!loads(node['callee'] as Node)) return undefined;
      return from('call', (node['arguments'] as readonly { expression: unknown }[])[0]?.expression);
    default:
      return undefined;
  }
}

const parse = (source: string) => parseSync(source, { syntax: 'typescript', decorators: true, target: 'es2022' });

/** Every module that a file names: import, import type, export from, import(), require(), import('x').T. */
export function importsOf(source: string): Import[] {
  return [...walk(parse(source))].map(importOf).filter((found) => found !== undefined);
}

/** Where the imported names of a file come from, by their local name. */
function importedNames(body: Module['body']): Map<string, Omit<ReExport, 'exported'>> {
  const names = body.flatMap((node) =>
    node.type === 'ImportDeclaration'
      ? node.specifiers.map((specifier): [string, Omit<ReExport, 'exported'>] => {
          const original = specifier.type === 'ImportSpecifier' ? (specifier.imported ?? specifier.local).value : '*';
          return [specifier.local.value, { from: node.source.value, original }];
        })
      : [],
  );
  return new Map(names);
}

/** What a file gives on by `export { a as b } from`, or imports and then exports; `*` for `export * from`. */
export function reExportsOf(source: string): ReExport[] {
  const { body } = parse(source);
  const imported = importedNames(body);
  return body.flatMap((node): ReExport[] => {
    if (node.type === 'ExportAllDeclaration') return [{ from: node.source.value, original: '*', exported: '*' }];
    if (node.type !== 'ExportNamedDeclaration') return [];
    return node.specifiers.flatMap((specifier) => {
      const from = node.source?.value;
      if (specifier.type !== 'ExportSpecifier') return [{ from: from ?? '', original: '*', exported: '*' }];
      const original = specifier.orig.value;
      const exported = (specifier.exported ?? specifier.orig).value;
      if (from !== undefined) return [{ from, original, exported }];
      const origin = imported.get(original);
      return origin ? [{ ...origin, exported }] : [];
    });
  });
}

/** What a file declares and exports apart, as `export { a }`. */
export function listedExportsOf(source: string): string[] {
  const { body } = parse(source);
  const imported = importedNames(body);
  return body.flatMap((node) =>
    node.type === 'ExportNamedDeclaration' && !node.source
      ? node.specifiers.flatMap((one) =>
          one.type === 'ExportSpecifier' && !imported.has(one.orig.value) ? [one.orig.value] : [],
        )
      : [],
  );
}

/** Whether a file has nothing of its own and only gives on what others export. */
export function isBarrel(source: string): boolean {
  const { body } = parse(source);
  return (
    body.length > 0 &&
    body.every(
      (node) =>
        node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && Boolean(node.source)),
    )
  );
}

/** The names that a file declares and exports itself. */
export function declaredExportsOf(source: string): string[] {
  return parse(source).body.flatMap((node) => {
    if (node.type !== 'ExportDeclaration') return [];
    const { declaration } = node;
    if (declaration.type === 'VariableDeclaration')
      return declaration.declarations.map((one) => (one.id.type === 'Identifier' ? one.id.value : '?'));
    if ('identifier' in declaration) return [declaration.identifier.value];
    return 'id' in declaration && 'value' in declaration.id ? [String(declaration.id.value)] : [];
  });
}

/** Whether a file has a default export. */
export function hasDefaultExport(source: string): boolean {
  return parse(source).body.some((node) => node.type.startsWith('ExportDefault'));
}
