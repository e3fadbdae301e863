// The parts of nunjucks 3.2.4 that are used: its lexer, its parser and the nodes it makes. Its compiler and runtime
// turn templates into JavaScript source and are never loaded.

declare module 'nunjucks/src/lexer' {
  export interface Token {
    readonly type: string;
    readonly value: string;
    readonly lineno: number;
    readonly colno: number;
  }
  export interface Tokenizer {
    readonly str: string;
    readonly len: number;
    readonly index: number;
    readonly lineno: number;
    readonly colno: number;
    readonly in_code: boolean;
    nextToken(): Token | null;
    forwardN(count: number): void;
    isFinished(): boolean;
  }
  export function lex(source: string): Tokenizer;
  export const TOKEN_STRING: 'string';
  export const TOKEN_DATA: 'data';
  export const TOKEN_BLOCK_END: 'block-end';
  export const TOKEN_VARIABLE_END: 'variable-end';
  export const TOKEN_LEFT_PAREN: 'left-paren';
  export const TOKEN_RIGHT_PAREN: 'right-paren';
  export const TOKEN_LEFT_BRACKET: 'left-bracket';
  export const TOKEN_RIGHT_BRACKET: 'right-bracket';
  export const TOKEN_LEFT_CURLY: 'left-curly';
  export const TOKEN_OPERATOR: 'operator';
  export const TOKEN_COMMA: 'comma';
  export const TOKEN_COLON: 'colon';
  export const TOKEN_TILDE: 'tilde';
  export const TOKEN_PIPE: 'pipe';
  export const TOKEN_INT: 'int';
  export const TOKEN_FLOAT: 'float';
  export const TOKEN_SYMBOL: 'symbol';
}

declare module 'nunjucks/src/nodes' {
  export class Node {
    readonly typename: string;
    readonly lineno: number;
    readonly colno: number;
    constructor(lineno: number, colno: number, ...fields: unknown[]);
    static extend(name: string, properties: { fields: readonly string[] }): typeof Node;
  }
  export class Literal extends Node {
    readonly value: unknown;
  }
  export class Symbol extends Node {
    readonly value: string;
  }
  export class TemplateData extends Node {
    readonly value: string;
  }
  export class NodeList extends Node {
    readonly children: Node[];
    addChild(node: Node): void;
  }
  export class Output extends NodeList {}
  export class Group extends NodeList {}
  export class Array extends NodeList {}
  export class KeywordArgs extends NodeList {}
  export class Pair extends Node {
    readonly key: Node;
    readonly value: Node;
  }
  export class LookupVal extends Node {
    readonly target: Node;
    readonly val: Node;
  }
  export class If extends Node {
    readonly cond: Node;
    readonly body: Node;
    readonly else_: Node | null;
  }
  export class InlineIf extends Node {
    readonly cond: Node;
    readonly body: Node;
    readonly else_: Node | null;
  }
  export class FunCall extends Node {
    readonly name: Node;
    readonly args: NodeList;
  }
  export class Filter extends FunCall {}
  export class BinOp extends Node {
    readonly left: Node;
    readonly right: Node;
  }
  export class Is extends BinOp {}
  export class Concat extends BinOp {}
  export class Add extends BinOp {}
  export class Sub extends BinOp {}
  export class Mul extends BinOp {}
  export class Div extends BinOp {}
  export class FloorDiv extends BinOp {}
  export class Mod extends BinOp {}
  export class UnaryOp extends Node {
    readonly target: Node;
  }
  export class Not extends UnaryOp {}
  export class Compare extends Node {
    readonly expr: Node;
    readonly ops: CompareOperand[];
  }
  export class CompareOperand extends Node {
    readonly expr: Node;
    readonly type: string;
  }
}

declare module 'nunjucks/src/parser' {
  import type { Token, Tokenizer } from 'nunjucks/src/lexer';
  import type { Node, NodeList } from 'nunjucks/src/nodes';
  export class Parser {
    readonly tokens: Tokenizer;
    readonly breakOnBlocks: readonly string[] | null;
    constructor(tokens: Tokenizer);
    nextToken(): Token;
    peekToken(): Token | null;
    pushToken(token: Token): void;
    skip(type: string): boolean;
    skipValue(type: string, value: string): boolean;
    skipSymbol(name: string): boolean;
    error(message: string, lineno?: number, colno?: number): Error;
    fail(message: string, lineno?: number, colno?: number): never;
    parseAsRoot(): NodeList;
    parseStatement(): Node | null;
    parseIf(): Node;
    parseExpression(): Node;
    parseInlineIf(): Node;
    parseOr(): Node;
    parseNot(): Node;
    parseIn(): Node;
    parseUnary(noFilters?: boolean): Node;
    parsePrimary(noPostfix?: boolean): Node;
    parsePostfix(node: Node): Node;
    parseAggregate(): Node;
    parseFilter(node: Node): Node;
    parseFilterName(): Node;
    parseSignature(): NodeList;
  }
}
