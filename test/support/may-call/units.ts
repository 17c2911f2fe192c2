import ts from 'typescript';

/** A declaration that code names (a function, a constant, a class, a member of a type), or a kind of write: `write:head`. */
export type Name = ts.Node | string;

/** A piece of code that runs when it is named: a declaration of a module, or a function in an object of a known type. */
export type Unit = {
  readonly names: Set<Name>;
  /** What the piece says itself: operations of the SDK, indexes, parts of transactions. */
  readonly words: Set<string>;
  /** Functions of objects that the piece makes, and local ones: each runs when it is named somewhere. */
  readonly members: { readonly names: readonly Name[]; readonly unit: Unit }[];
};

/** Words that a piece of code says itself; the rest of it is what it names. */
export type Words = (node: ts.Node, checker: ts.TypeChecker) => readonly string[];

/** Reads pieces of code into units, the functions and clauses inside them included. */
export function unitReader(checker: ts.TypeChecker, words: Words) {
  const read = (code: ts.Node): Unit => {
    const unit: Unit = { names: new Set(), words: new Set(), members: [] };
    const later = (names: readonly Name[], inner: ts.Node) => unit.members.push({ names, unit: read(inner) });
    const visit = (node: ts.Node): void => {
      if (ts.isTypeNode(node)) return;
      if (node !== code && isLocalFunction(node)) return void later([node], node);
      const kind = clauseOf(node);
      if (kind !== undefined && node !== code) return void later([kind], node);
      for (const word of words(node, checker)) unit.words.add(word);
      for (const name of named(node, checker)) unit.names.add(name);
      if (ts.isObjectLiteralExpression(node)) node.properties.forEach(part);
      else ts.forEachChild(node, visit);
    };
    const part = (member: ts.ObjectLiteralElementLike): void => {
      const names = runsWhenNamed(member, checker) ? declaredAs(member, checker) : [];
      if (names.length === 0) visit(member);
      else later(names, member);
    };
    visit(code);
    return unit;
  };
  return read;
}

const isLocalFunction = (node: ts.Node): boolean =>
  ts.isFunctionDeclaration(node) ||
  (ts.isVariableDeclaration(node) &&
    node.initializer !== undefined &&
    (ts.isArrowFunction(node.initializer) || ts.isFunctionExpression(node.initializer)));

/** The kind of write that a clause is for. */
function clauseOf(node: ts.Node): string | undefined {
  if (!ts.isCaseClause(node) || !ts.isStringLiteral(node.expression)) return undefined;
  const on = node.parent.parent.expression;
  return ts.isPropertyAccessExpression(on) && on.name.text === 'write'
    ? `write:${node.expression.text}`
    : undefined;
}

/** Whether a member of an object is a function: it runs when it is called, not when the object is made. */
function runsWhenNamed(member: ts.ObjectLiteralElementLike, checker: ts.TypeChecker): boolean {
  if (ts.isMethodDeclaration(member) || ts.isAccessor(member)) return true;
  if (ts.isShorthandPropertyAssignment(member)) return isCallable(member.name, checker);
  if (!ts.isPropertyAssignment(member)) return false;
  const { initializer } = member;
  const plain = ts.isIdentifier(initializer) && isCallable(initializer, checker);
  return plain || ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer);
}

const isCallable = (node: ts.Node, checker: ts.TypeChecker): boolean =>
  checker.getTypeAtLocation(node).getCallSignatures().length > 0;

/** The members of types that a member of an object stands for; none when nothing says what the object is for. */
function declaredAs(member: ts.ObjectLiteralElementLike, checker: ts.TypeChecker): readonly Name[] {
  if (member.name === undefined || !ts.isObjectLiteralExpression(member.parent)) return [];
  const wanted = checker.getContextualType(member.parent);
  const property = wanted?.getProperty(member.name.getText());
  return (property?.declarations ?? []).filter(
    (each) => ts.isPropertySignature(each) || ts.isMethodSignature(each),
  );
}

function named(node: ts.Node, checker: ts.TypeChecker): readonly Name[] {
  if (ts.isPropertyAssignment(node) && node.name.getText() === 'write') {
    const type = checker.getTypeAtLocation(node.initializer);
    const kinds = type.isUnion() ? type.types : [type];
    return kinds.flatMap((kind) => (kind.isStringLiteral() ? [`write:${kind.value}`] : []));
  }
  if (ts.isShorthandPropertyAssignment(node)) {
    return meantBy(checker.getShorthandAssignmentValueSymbol(node), checker);
  }
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
    const member = (node.propertyName ?? node.name).getText();
    return checker.getTypeAtLocation(node.parent).getProperty(member)?.declarations ?? [];
  }
  // `senders[channel.type]` may be any of them.
  if (ts.isElementAccessExpression(node) && !ts.isNumericLiteral(node.argumentExpression)) {
    const all = checker.getTypeAtLocation(node.expression).getProperties();
    return all.flatMap(({ declarations = [] }) => declarations);
  }
  return ts.isIdentifier(node) ? meantBy(checker.getSymbolAtLocation(node), checker) : [];
}

/** Where a symbol is declared; that of an import, where what it imports is. */
function meantBy(symbol: ts.Symbol | undefined, checker: ts.TypeChecker): readonly ts.Node[] {
  if (symbol === undefined) return [];
  const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return meant.declarations ?? [];
}
