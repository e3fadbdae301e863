import type { Answer } from '../route';

const asked = /application\/(?:json|\*)\s*;[^,]*?\bindent\s*=\s*"?(\d{1,4})/i;
const most = 8;

/** The answer with its JSON spread over lines, where the Accept header asks for it: `application/json; indent=4`. */
export function indented(answer: Answer, accept: string | undefined): Answer {
  if (accept === undefined || !accept.includes('indent')) return answer;
  const indent = Math.min(Number(asked.exec(accept)?.[1] ?? 0), most);
  const { body, content, headers } = answer;
  if (indent === 0 || (content ? content.type !== 'application/json' : body === undefined)) return answer;
  const text = JSON.stringify(content ? JSON.parse(content.text) : body, undefined, indent);
  return {
    ...answer,
    content: { type: 'application/json', text, headers: content?.headers ?? {} },
    // Other bytes have another tag; that of the row's state, which stands before it, is the same.
    ...(headers?.['ETag'] && { headers: { ...headers, ETag: headers['ETag'].replace(/"$/, `-${indent}"`) } }),
  };
}
