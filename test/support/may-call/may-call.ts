import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { type Name, type Unit, unitReader } from './units.ts';
import { wordsOf } from './words.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const HANDLERS = `${ROOT}functions/handlers/`;

/** Reads the sources once; answers for each entry what its code may say, whatever way an invocation takes through it. */
export function reachableWords(entries: readonly string[]): (entry: string) => ReadonlySet<string> {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile).config,
    ts.sys,
    ROOT,
  );
  const program = ts.createProgram(
    entries.map((entry) => HANDLERS + entry),
    options,
  );
  const read = unitReader(program.getTypeChecker(), wordsOf);
  const units = new Map<Name, Unit>();
  const unitOf = (name: Name): Unit | undefined => {
    if (typeof name === 'string' || !isOurs(name) || !isCode(name)) return undefined;
    const unit = units.get(name) ?? read(name);
    units.set(name, unit);
    return unit;
  };
  return (entry) => {
    const file = program.getSourceFile(HANDLERS + entry);
    const handler = file?.statements.filter(ts.isVariableStatement).find(isHandler);
    if (handler === undefined) throw new Error(`${entry} exports no handler.`);
    return wordsFrom(read(handler), unitOf);
  };
}

const isHandler = ({ declarationList }: ts.VariableStatement): boolean =>
  declarationList.declarations.some(({ name }) => name.getText() === 'handler');

const isOurs = (name: ts.Node): boolean => name.getSourceFile().fileName.startsWith(`${ROOT}functions/`);

/** A declaration of a module with code of its own; what is declared inside a function was read with it. */
const isCode = (name: ts.Node): boolean =>
  ts.isFunctionDeclaration(name) || ts.isClassDeclaration(name) || isModuleConstant(name);

const isModuleConstant = (name: ts.Node): boolean =>
  ts.isVariableDeclaration(name) && ts.isSourceFile(name.parent.parent.parent);

/** Everything that runs once `start` does: what is named, and of objects that are made the members that are named. */
function wordsFrom(start: Unit, unitOf: (name: Name) => Unit | undefined): ReadonlySet<string> {
  const [words, names, done] = [new Set<string>(), new Set<Name>(), new Set<Unit>()];
  const waiting = new Map<Name, Unit[]>();
  const todo = [start];
  const name = (each: Name): void => {
    if (names.has(each)) return;
    names.add(each);
    const unit = unitOf(each);
    if (unit !== undefined) todo.push(unit);
    todo.push(...(waiting.get(each) ?? []));
  };
  for (let unit = todo.pop(); unit !== undefined; unit = todo.pop()) {
    if (done.has(unit)) continue;
    done.add(unit);
    for (const word of unit.words) words.add(word);
    for (const member of unit.members) {
      for (const each of member.names) waiting.set(each, [...(waiting.get(each) ?? []), member.unit]);
      if (member.names.some((each) => names.has(each))) todo.push(member.unit);
    }
    unit.names.forEach(name);
  }
  return words;
}
