import * as lexer from 'nunjucks/src/lexer';
import type { Token } from 'nunjucks/src/lexer';
import * as nodes from 'nunjucks/src/nodes';
import { Parser } from 'nunjucks/src/parser';
import { TemplateSyntaxError } from '../errors';
import { limits } from '../limits';
import type { Value } from '../python/values';
import { JinjaLexer } from './lexer';
import { readFloat, readInt } from './literals';
import { isHidden, Slice } from './nodes';

type BinaryNode = new (line: number, column: number, left: nodes.Node, right: nodes.Node) => nodes.Node;

const products: Readonly<Record<string, BinaryNode>> = {
  '*': nodes.Mul,
  '/': nodes.Div,
  '//': nodes.FloorDiv,
  '%': nodes.Mod,
};
const sums: Readonly<Record<string, BinaryNode>> = { '+': nodes.Add, '-': nodes.Sub };
const joins: Readonly<Record<string, BinaryNode>> = { '~': nodes.Concat };
const compares = new Set(['==', '!=', '<', '>', '<=', '>=']);
const constants = new Map<string, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
const reserved = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else']);
const nameForm = /^[A-Za-z_]\w{0,63}$/;

/** nunjucks' parser with Jinja2's precedence, slices, tuples and tests, and with `if` as its only statement. */
export class JinjaParser extends Parser {
  #depth = 0;

  constructor(source: string) {
    super(new JinjaLexer(source));
  }

  override error(message: string, line?: number, column?: number): TemplateSyntaxError {
    const token = line === undefined ? this.peekToken() : undefined;
    const at = {
      line: line ?? token?.lineno ?? this.tokens.lineno,
      column: column ?? token?.colno ?? this.tokens.colno,
    };
    return new TemplateSyntaxError(message.replace(/^parse\w+: /, ''), at.line + 1, at.column + 1);
  }

  override parseStatement(): nodes.Node | null {
    const token = this.peekToken() as Token;
    if (this.breakOnBlocks?.includes(token.value) && token.value !== 'elseif') return null;
    return token.value === 'if' ? this.parseIf() : this.#refuse(`{% ${token.value} %} is not allowed here`, token);
  }

  override parseIf(): nodes.Node {
    return this.#nested(() => super.parseIf());
  }

  /** Every way into an expression passes here, a bracket's too. */
  override parseNot(): nodes.Node {
    return this.#nested(() => super.parseNot());
  }

  override parseUnary(isSigned = false): nodes.Node {
    return isSigned ? this.#nested(() => super.parseUnary(true)) : super.parseUnary();
  }

  override parseInlineIf(): nodes.Node {
    let node = this.parseOr();
    while (this.skipSymbol('if')) {
      const { lineno, colno } = node;
      const condition = this.parseOr();
      const otherwise = this.skipSymbol('else') ? this.#nested(() => this.parseInlineIf()) : null;
      node = new nodes.InlineIf(lineno, colno, condition, node, otherwise);
    }
    return node;
  }

  /** Jinja2's comparisons, `in` and `not in` among them, are one chain. */
  override parseIn(): nodes.Node {
    const first = this.#binary(sums, this.#join);
    const chain: nodes.CompareOperand[] = [];
    for (;;) {
      const token = this.nextToken();
      const isNot = isWord(token, 'not');
      const type = isNot && this.skipSymbol('in') ? 'not in' : token.value;
      if (isNot && type === 'not') this.#refuse('Expected "in" after "not"', token);
      if (!isNot && !isWord(token, 'in') && !(token.type === lexer.TOKEN_OPERATOR && compares.has(type))) {
        this.pushToken(token);
        break;
      }
      chain.push(new nodes.CompareOperand(token.lineno, token.colno, this.#binary(sums, this.#join), type));
    }
    return chain[0] ? new nodes.Compare(chain[0].lineno, chain[0].colno, first, chain) : first;
  }

  #join = () => this.#binary(joins, this.#product);
  #product = () => this.#binary(products, () => this.parseUnary());

  #binary(operators: Readonly<Record<string, BinaryNode>>, operand: () => nodes.Node): nodes.Node {
    let left = operand();
    for (;;) {
      const token = this.nextToken();
      const Operator = isOperator(token) && Object.hasOwn(operators, token.value) ? operators[token.value] : undefined;
      if (!Operator) {
        if (token.value === '**' && isOperator(token)) this.#refuse('** is not allowed', token);
        this.pushToken(token);
        return left;
      }
      left = new Operator(token.lineno, token.colno, left, operand());
    }
  }

  /** What may follow an operand: filters and tests bind alike, and tighter than every operator but the signs. */
  override parseFilter(operand: nodes.Node): nodes.Node {
    let node = operand;
    for (;;) {
      if (this.skip(lexer.TOKEN_PIPE)) {
        const name = this.parseFilterName();
        node = new nodes.Filter(name.lineno, name.colno, name, this.#arguments(name, [node]));
      } else if (this.skipSymbol('is')) {
        node = this.#test(node);
      } else return node;
    }
  }

  #test(operand: nodes.Node): nodes.Node {
    const isNegated = this.skipSymbol('not');
    const name = this.parseFilterName();
    const args = this.#arguments(name, []);
    if (args.children.length === 0 && this.#startsOperand()) args.addChild(this.parsePrimary());
    if (args.children.length === 0 && isWord(this.peekToken() as Token, 'is')) this.fail('Tests cannot be chained');
    const test = new nodes.Is(name.lineno, name.colno, operand, new nodes.FunCall(name.lineno, name.colno, name, args));
    return isNegated ? new nodes.Not(name.lineno, name.colno, test) : test;
  }

  #startsOperand(): boolean {
    const token = this.peekToken() as Token;
    if (token.type === lexer.TOKEN_SYMBOL) return !reserved.has(token.value);
    return [lexer.TOKEN_STRING, lexer.TOKEN_INT, lexer.TOKEN_FLOAT, lexer.TOKEN_LEFT_BRACKET].some(
      (type) => type === token.type,
    );
  }

  #arguments(at: nodes.Node, first: nodes.Node[]): nodes.NodeList {
    const list = new nodes.NodeList(at.lineno, at.colno, first);
    if (this.peekToken()?.type !== lexer.TOKEN_LEFT_PAREN) return list;
    for (const node of this.parseSignature().children) list.addChild(node);
    return list;
  }

  override parsePrimary(noPostfix = false): nodes.Node {
    const token = this.nextToken();
    const { lineno, colno, type, value } = token;
    const literal = (found: Value) => new nodes.Literal(lineno, colno, found);
    let node: nodes.Node;
    if (type === lexer.TOKEN_STRING) node = literal(this.#strings(value));
    else if (type === lexer.TOKEN_INT) node = literal(this.#number(token, readInt));
    else if (type === lexer.TOKEN_FLOAT) node = literal(this.#number(token, readFloat));
    else if (type === lexer.TOKEN_SYMBOL && constants.has(value)) node = literal(constants.get(value) as Value);
    else if (type === lexer.TOKEN_SYMBOL) node = new nodes.Symbol(lineno, colno, this.#name(token));
    else if (type === lexer.TOKEN_LEFT_PAREN) node = this.#group(token);
    else if (type === lexer.TOKEN_LEFT_BRACKET)
      node = new nodes.Array(lineno, colno, this.#list(lexer.TOKEN_RIGHT_BRACKET).items);
    else if (type === lexer.TOKEN_LEFT_CURLY) return this.#refuse('Dict literals are not allowed', token);
    else return this.#refuse(`Expected a value, not ${value}`, token);
    return noPostfix ? node : this.parsePostfix(node);
  }

  override parsePostfix(operand: nodes.Node): nodes.Node {
    let node = operand;
    for (;;) {
      const token = this.nextToken();
      const { lineno, colno } = token;
      if (isOperator(token) && token.value === '.') {
        node = new nodes.LookupVal(lineno, colno, node, this.#attribute());
      } else if (token.type === lexer.TOKEN_LEFT_BRACKET) {
        node = new nodes.LookupVal(lineno, colno, node, this.#subscript(token));
      } else if (token.type === lexer.TOKEN_LEFT_PAREN) {
        this.pushToken(token);
        node = new nodes.FunCall(lineno, colno, node, this.parseSignature());
      } else {
        this.pushToken(token);
        return node;
      }
    }
  }

  #attribute(): nodes.Node {
    const token = this.nextToken();
    if (token.type === lexer.TOKEN_INT)
      return new nodes.Literal(token.lineno, token.colno, this.#number(token, readInt));
    if (token.type !== lexer.TOKEN_SYMBOL) this.#refuse('Expected a name or a number after the dot', token);
    // A Symbol here, so that a method can be told from a subscript.
    return new nodes.Symbol(token.lineno, token.colno, this.#name(token, new Set()));
  }

  #subscript(at: Token): nodes.Node {
    const ends = (type: string | undefined) => type === lexer.TOKEN_COLON || type === lexer.TOKEN_RIGHT_BRACKET;
    const part = () => (ends(this.peekToken()?.type) ? null : this.parseExpression());
    const start = part();
    let node = start;
    if (this.skip(lexer.TOKEN_COLON)) {
      const stop = part();
      node = new Slice(at.lineno, at.colno, start, stop, this.skip(lexer.TOKEN_COLON) ? part() : null);
    }
    const close = this.nextToken();
    if (!node || close.type !== lexer.TOKEN_RIGHT_BRACKET) this.#refuse('Expected one index or slice', close);
    return node as nodes.Node;
  }

  #group(open: Token): nodes.Node {
    const { items, isOne } = this.#list(lexer.TOKEN_RIGHT_PAREN);
    return isOne ? (items[0] as nodes.Node) : new nodes.Group(open.lineno, open.colno, items);
  }

  /** The expressions up to the bracket; `isOne` without any comma. */
  #list(close: string): { items: nodes.Node[]; isOne: boolean } {
    const items: nodes.Node[] = [];
    let commas = 0;
    while (!this.skip(close)) {
      if (items.length > commas && !this.skip(lexer.TOKEN_COMMA))
        this.#refuse('Expected a comma or the end of the list', this.nextToken());
      commas = items.length;
      if (this.skip(close)) break;
      items.push(this.parseExpression());
    }
    return { items, isOne: items.length === 1 && commas === 0 };
  }

  #strings(first: string): string {
    let text = first;
    for (let next = this.peekToken(); next?.type === lexer.TOKEN_STRING; next = this.peekToken())
      text += this.nextToken().value;
    return text;
  }

  #number<T>(token: Token, read: (text: string) => T): T {
    if (token.value.length > limits.digits) this.#refuse('A number is too long', token);
    return read(token.value);
  }

  #name(token: Token, words: ReadonlySet<string> = reserved): string {
    if (words.has(token.value) || !nameForm.test(token.value) || isHidden(token.value))
      this.#refuse('This name is not allowed', token);
    return token.value;
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > limits.depth) this.fail('The template is nested too deeply');
    const node = parse();
    this.#depth--;
    return node;
  }

  #refuse(message: string, { lineno, colno }: Token): never {
    return this.fail(message, lineno, colno);
  }
}

const isWord = (token: Token, word: string) => token.type === lexer.TOKEN_SYMBOL && token.value === word;

const isOperator = ({ type }: Token) => type === lexer.TOKEN_OPERATOR || type === lexer.TOKEN_TILDE;
