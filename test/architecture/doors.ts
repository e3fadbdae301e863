import { declaredExportsOf, listedExportsOf, reExportsOf } from './support/imports';
import { resolveRelative, type Sources } from './support/graph';

const documented = String.raw`/\*\*(?:(?!\*/)[\s\S])*\*/\s*(?:@\w+\([^)]*\)\s*)*`;

/** Whether the first declaration of the name has a doc comment right above it. */
function hasDoc(text: string, name: string): boolean {
  const plain = name.replace(/\$/g, String.raw`\$`);
  const declaration = String.raw`(?:export\s+)?(?:declare\s+|abstract\s+|async\s+)*(?:const|let|function\*?|class|interface|type|enum)\s+${plain}\b`;
  const found = new RegExp(String.raw`^(${documented})?${declaration}`, 'm').exec(text);
  return found?.[1] !== undefined;
}

/** Whether the statement that gives on names of another package has a doc comment right above it. */
function hasDocOnStatement(text: string, from: string): boolean {
  return new RegExp(String.raw`^${documented}export\s+(?:type\s+)?\{[^}]*\}\s+from\s+['"]${from}['"]`, 'm').test(text);
}

function faultOf(files: Sources, path: string, name: string): string | undefined {
  const text = files.get(path) ?? '';
  if (declaredExportsOf(text).includes(name)) return hasDoc(text, name) ? undefined : `${name} in ${path} has no doc`;
  const passed = reExportsOf(text).find(({ exported }) => exported === name);
  if (!passed) return hasDoc(text, name) ? undefined : `${name} in ${path} has no doc, or is not declared there`;
  if (!passed.from.startsWith('.')) {
    return hasDocOnStatement(text, passed.from) ? undefined : `${name} in ${path}, from ${passed.from}, has no doc`;
  }
  const next = resolveRelative(files, path, passed.from);
  return next === undefined ? `${name} in ${path}: no file ${passed.from}` : faultOf(files, next, passed.original);
}

/** The names of a door that promise nothing: no doc comment where they are declared; `export *` is refused. */
export function doorFaults(files: Sources, door: string): string[] {
  const text = files.get(door) ?? '';
  const passed = reExportsOf(text).map(({ exported }) => exported);
  if (passed.includes('*')) return [`${door} has an export *: name what it gives`];
  return [...declaredExportsOf(text), ...listedExportsOf(text), ...passed].flatMap(
    (name) => faultOf(files, door, name) ?? [],
  );
}
