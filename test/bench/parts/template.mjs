import { createHash } from 'node:crypto';
import { parseTemplate, templateContext } from '@latchkey/core/kernel';
import { rateOf } from '../support/rate.mjs';
import { object, variable } from '../support/story.mjs';

const times = (once) => (count) => {
  for (let i = 0; i < count; i += 1) once(i);
};

/** Renders the story's template: parsed before or not, over a prepared object or one that is copied each time. */
export async function measure(settings) {
  const bytes = Buffer.alloc(64, 'x');
  const prepared = templateContext(object);
  let next = 0;
  // More texts than are kept, so that each is parsed; the comment renders to nothing.
  const another = () => `${variable}{# ${(next = (next + 1) % 5_000)} #}`;
  const works = {
    yardstick: () => createHash('sha256').update(bytes).digest(),
    cached: () => parseTemplate(variable).render(prepared),
    copied: () => parseTemplate(variable).render(templateContext(object)),
    parsed: () => parseTemplate(another()).render(prepared),
  };
  const figures = {};
  for (const [name, once] of Object.entries(works)) figures[name] = (await rateOf(times(once), settings)).perCpuSecond;
  return figures;
}
