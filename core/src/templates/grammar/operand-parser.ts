import * as lexer from 'nunjucks/src/lexer';
import type { Token } from 'nunjucks/src/lexer';
import * as nodes from 'nunjucks/src/nodes';
import { Parser } from 'nunjucks/src/parser';
import { limits } from '../limits';
import type { Value } from '../python/values';
import { readFloat, readInt } from './literals';
import { isHidden, Slice } from './nodes';

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

/** Whether the token is a word of the language, such as `in`. */
export const isWord = (token: Token, word: string): boolean =>
  token.type === lexer.TOKEN_SYMBOL && token.value === word;

/** Whether the token is an operator. */
export const isOperator = ({ type }: Token): boolean => type === lexer.TOKEN_OPERATOR || type === lexer.TOKEN_TILDE;

/** The operands of Jinja2: literals, names, lists, tuples, and the dots, subscripts and calls behind them. */
export class OperandParser extends Parser {
  protected refuse(message: string, { lineno, colno }: Token): never {
    return this.fail(message, lineno, colno);
  }

  /** Whether an operand follows. */
  protected startsOperand(): boolean {
    const token = this.peekToken() as Token;
    if (token.type === lexer.TOKEN_SYMBOL) return !reserved.has(token.value);
    return [lexer.TOKEN_STRING, lexer.TOKEN_INT, lexer.TOKEN_FLOAT, lexer.TOKEN_LEFT_BRACKET].some(
      (type) => type === token.type,
    );
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
    else if (type === lexer.TOKEN_LEFT_CURLY) return this.refuse('Dict literals are not allowed', token);
    else return this.refuse(`Expected a value, not ${value}`, token);
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
    if (token.type !== lexer.TOKEN_SYMBOL) this.refuse('Expected a name or a number after the dot', token);
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
    if (!node || close.type !== lexer.TOKEN_RIGHT_BRACKET) this.refuse('Expected one index or slice', close);
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
        this.refuse('Expected a comma or the end of the list', this.nextToken());
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
    if (token.value.length > limits.digits) this.refuse('A number is too long', token);
    return read(token.value);
  }

  #name(token: Token, words: ReadonlySet<string> = reserved): string {
    if (words.has(token.value) || !nameForm.test(token.value) || isHidden(token.value))
      this.refuse('This name is not allowed', token);
    return token.value;
  }
}
