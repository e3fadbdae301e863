import { InvalidInput, InvalidRows, type FieldFaults } from './failures';

/**
 * Does work for each item of a list, one after the other. What is wrong with items is told of all of them, each in its
 * place, in one {@link InvalidRows}; after `most` faulty ones no more are looked at.
 */
export async function byPlace<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result | Promise<Result>,
  most = Infinity,
): Promise<Result[]> {
  const done: Result[] = [];
  const faults: FieldFaults[] = [];
  let faulty = 0;
  for (const item of items) {
    try {
      done.push(await work(item));
      faults.push({});
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      faults.push(error.faults);
      faulty += 1;
      if (faulty >= most) break;
    }
  }
  if (faulty > 0) throw new InvalidRows(faults);
  return done;
}
